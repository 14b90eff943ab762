"""Generators, frames, traceback entries and messages whose objects come from dead ones: nothing of the old one shows."""
import asyncio
import gc
import sys
import types
import weakref


def short(a):
    yield a


def long(a, b, c, d, e, f, g, h):
    i, j, k = a + b, c + d, e + f
    yield i
    yield j
    yield k, g, h


def longest():
    v = list(range(20))
    a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t = v
    a1, b1, c1, d1, e1, f1, g1, h1, i1, j1, k1, l1 = v[:12]
    a2, b2, c2, d2, e2, f2, g2, h2, i2, j2, k2, l2 = v[:12]
    yield a + t + a1 + l1 + a2 + l2


def many_sizes():
    out = []
    for i in range(30):
        out += short(i)
        out += long(i, 1, 2, 3, 4, 5, 6, 7)
        out += longest()
        out += (x * i for x in (1, 2))
    return sum(x if type(x) is int else sum(x) for x in out)


print(many_sizes())


def names():
    g = short(1)
    g.__name__ = "renamed"
    g.__qualname__ = "quite.renamed"
    list(g)
    print(g.__name__, g.__qualname__, g.gi_code.co_name, g.gi_frame, g.gi_running)
    del g
    h = short(2)
    print(h.__name__, h.__qualname__, h.gi_code is short.__code__, h.gi_frame is None, h.gi_suspended)
    print(next(h), h.gi_suspended, h.gi_frame.f_locals)
    list(h)
    other = types.FunctionType(short.__code__, {}, "other")
    print(repr(other(1)).split(" at ")[0], list(other(3)))
    print(repr(short(1)).split(" at ")[0])


names()


class Noisy:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("gone", self.name)


def holds(x, y):
    yield x.name
    yield y.name


def deaths():
    g = holds(Noisy("a"), Noisy("b"))
    print(next(g))
    del g
    g = holds(Noisy("c"), Noisy("d"))
    del g
    g = holds(Noisy("e"), Noisy("f"))
    print(list(g))
    print("ended")
    w = weakref.ref(g, lambda _: print("weak"))
    del g
    print(w())
    g = holds(Noisy("g"), Noisy("h"))
    print(weakref.getweakrefcount(g), g.gi_frame.f_locals["x"].name)
    frame = g.gi_frame
    list(g)
    print([v.name for v in frame.f_locals.values()], g.gi_frame)
    del g
    del frame
    print("end")


deaths()


def cycle():
    box = []

    def inside():
        box.append(g)
        yield 1
        yield 2

    g = inside()
    w = weakref.ref(g)
    list(g)
    del g
    return w


ws = [cycle() for _ in range(5)]
gc.collect()
print([w() for w in ws], list(short(8)))


async def ticks(n):
    try:
        for i in range(n):
            yield i
    finally:
        await asyncio.sleep(0)


async def use():
    g = ticks(3)
    print([x async for x in g])
    try:
        await g.asend(None)
    except StopAsyncIteration:
        print("over")
    del g
    g = ticks(5)
    print(await g.__anext__())
    await g.aclose()
    del g
    g = ticks(2)
    print(await anext(g), await anext(g), await anext(g, "none"))
    return [x async for x in ticks(4)]


print(asyncio.run(use()))


async def nothing():
    return 7


def drive(c):
    try:
        c.send(None)
    except StopIteration as e:
        return e.value


print([drive(nothing()) for _ in range(4)])
c = nothing()
print(c.cr_frame is not None, c.cr_origin, drive(c), c.cr_frame)
try:
    c.send(None)
except RuntimeError as e:
    print(e)
del c
sys.set_coroutine_origin_tracking_depth(1)
c = nothing()
print(len(c.cr_origin), drive(c))
del c
sys.set_coroutine_origin_tracking_depth(0)
c = nothing()
print(c.cr_origin, drive(c))


def running_again():
    def g():
        try:
            next(me)
        except ValueError as e:
            yield str(e)

    me = g()
    return list(me)


print(running_again(), running_again())


def fails(n):
    yield n
    raise KeyError(n)


for n in range(4):
    try:
        list(fails(n))
    except KeyError as e:
        tb = e.__traceback__.tb_next
        print(e, tb.tb_frame.f_code.co_name, tb.tb_frame.f_locals, tb.tb_lineno - tb.tb_frame.f_code.co_firstlineno)

# Entries of tracebacks and frames


def inner(x):
    local = [x]
    raise IndexError(x)


def outer(x):
    inner(x)


def entries(e):
    tb = e.__traceback__
    while tb:
        f = tb.tb_frame
        yield f.f_code.co_name, tb.tb_lineno - f.f_code.co_firstlineno, tb.tb_lasti > 0, f.f_locals.get("local")
        tb = tb.tb_next


kept = []
for i in range(4):
    try:
        outer(i)
    except IndexError as e:
        if i % 2:
            kept.append(e)
        print(list(entries(e))[1:])
print([list(entries(e))[1:] for e in kept])
tb = kept[0].__traceback__
kept.clear()
print(tb.tb_next.tb_frame.f_locals, tb.tb_next.tb_next.tb_frame.f_back is tb.tb_next.tb_frame)
frame = tb.tb_next.tb_next.tb_frame
del tb
for i in range(3):
    try:
        outer(i)
    except IndexError:
        pass
print(frame.f_locals, frame.f_code.co_name, frame.f_trace, frame.f_trace_lines, frame.f_trace_opcodes)
frame.f_trace_lines = False
frame.f_trace_opcodes = True
frame.f_trace = print
del frame
for i in range(3):
    f = sys._getframe()
    print(f.f_trace, f.f_trace_lines, f.f_trace_opcodes)
try:
    outer(9)
except IndexError as e:
    f = e.__traceback__.tb_next.tb_frame
    print(f.f_trace, f.f_trace_lines, f.f_trace_opcodes, f.f_locals)
    f.clear()
    print(f.f_locals)


def with_finalizer():
    thing = Noisy("in a frame")
    [][1]


for i in range(2):
    try:
        with_finalizer()
    except IndexError as e:
        print("caught", e)
    print("after")

# Messages
messages = set()
for i in range(3):
    for f in (lambda: [][1], lambda: ().x, lambda: (1,)[4], lambda: [].pop(), lambda: int("q"), lambda: "a"[5]):
        try:
            f()
        except Exception as e:
            messages.add((type(e).__name__, str(e), e.args))
print(*sorted(messages), sep="\n")


class Twice(IndexError):
    pass


for pattern in (IndexError, Twice, LookupError, (KeyError, Twice), object, "text", (Twice, 1)):
    try:
        try:
            raise Twice("list index out of range")
        except pattern as e:
            print("caught by", pattern)
    except (TypeError, Twice) as e:
        print(type(e).__name__, e)
