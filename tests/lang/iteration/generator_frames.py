# Frames of generators: variables while suspended, while running, after the end; closing without code to run.
import sys


def gen(a):
    b = a * 2
    got = yield b
    c = [x for x in (1, 2)]
    yield lambda: (b, got)


g = gen(3)
print(g.gi_frame.f_locals, g.gi_frame.f_lineno - gen.__code__.co_firstlineno)
next(g)
frame = g.gi_frame
print(frame.f_locals, frame is g.gi_frame, frame.f_back, frame.f_lineno - gen.__code__.co_firstlineno)
g.send("sent")
print(sorted(frame.f_locals), frame.f_lineno - gen.__code__.co_firstlineno)
try:
    frame.clear()
except RuntimeError as e:
    print(e)
print(list(g), g.gi_frame, frame.f_locals)


def helper():
    return me.gi_frame


def running():
    yield me.gi_frame is sys._getframe(), helper() is sys._getframe()


me = running()
print(next(me))


def cell():
    hidden = 1
    yield lambda: hidden


k = cell()
next(k)
kept = k.gi_frame
print(kept.f_locals)
k.close()
print(kept.f_locals, k.gi_frame)


def plain():
    x = ["x"]
    yield 1
    yield 2


p = plain()
next(p)
print(p.close(), p.close(), next(p, "end"))


def guarded():
    try:
        yield 1
    finally:
        print("finally")


p = guarded()
next(p)
del p


def outer(inner):
    yield from inner


p = outer(guarded())
next(p)
p.close()
p = outer(plain())
next(p)
print(p.close(), next(p, "end"))


def chain(n):
    held = None

    def one(before):
        yield before
        yield 2
    for _ in range(n):
        link = one(held)
        next(link)
        held = link
    return held


head = chain(20000)
del head
print("chain gone")


async def coro():
    await Wait()


class Wait:
    def __await__(self):
        yield "waiting"


c = coro()
print(c.send(None), c.cr_frame.f_locals, c.cr_await is not None)
c.close()
print(c.cr_frame)
