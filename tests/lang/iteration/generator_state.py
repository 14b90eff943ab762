# Attributes and states of generators; frames kept while suspended; exceptions between resumptions.
import sys


def gen():
    x = 1
    y = yield x
    x = 2
    yield x


g = gen()
print(g.gi_running, g.gi_frame is not None, g.gi_code.co_name, g.gi_frame.f_lineno, g.gi_suspended)
next(g)
print(g.gi_frame.f_locals, g.gi_frame.f_lineno, g.gi_suspended, g.gi_yieldfrom)
list(g)
print(g.gi_frame, g.gi_suspended)


def running():
    print("running", me.gi_running)
    try:
        next(me)
    except ValueError as e:
        print(e)
    yield 1


me = running()
next(me)


def raises():
    yield 1
    raise KeyError("inside")


g = raises()
next(g)
try:
    next(g)
except KeyError as e:
    print(repr(e), g.gi_frame)
print(next(g, "finished"))


def handler():
    try:
        yield "first"
    except ValueError:
        yield repr(sys.exception())
    yield repr(sys.exception())


g = handler()
next(g)
print(g.throw(ValueError("thrown")), next(g), sys.exception())
for args in ((ValueError,), (ValueError("instance"),), (5,), ("x",)):
    g = gen()
    next(g)
    try:
        g.throw(*args)
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e)
g = gen()
try:
    g.throw(ValueError("before start"))
except ValueError as e:
    print(e, g.gi_frame)
print(g.close(), list(g))


def returns_on_close():
    try:
        yield 1
    except GeneratorExit:
        return "closed value"


g = returns_on_close()
next(g)
print(g.close())


def deep(n):
    if n == 0:
        raise ValueError("deep")
    yield from deep(n - 1)


try:
    next(deep(5))
except ValueError as e:
    tb, n = e.__traceback__, 0
    while tb:
        n, tb = n + 1, tb.tb_next
    print(n)
def args(a, *b, c=3, **d):
    yield a, b, c, d
print(next(args(1, 2, c=4, e=5)), gen.__name__, g.__name__, g.__qualname__)
g.__name__ = "renamed"
print(g.__name__, [next(x) for x in (gen(), gen())])
