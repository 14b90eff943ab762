# Chains of generators that wait for each other: what each sees while an inner one runs, yields, ends, raises or is closed.
import gc
import sys


def a(n):
    for i in range(n):
        got = yield i
        if got:
            print("got", got)
    return "ra"


def b(n):
    r = yield from a(n)
    print("b got", r)
    yield "b-end"
    return "rb"


def e():
    yield "e1"
    raise ValueError("boom")


def c(n):
    r = yield from b(n)
    print("c got", r)
    try:
        yield from e()
    except ValueError as err:
        print("caught", err)
        tb = err.__traceback__
        while tb:
            print(tb.tb_frame.f_code.co_name, tb.tb_lineno)
            tb = tb.tb_next
    return "rc"


def d(n):
    r = yield from c(n)
    print("d got", r)


for x in d(4):
    print(x)
print(list(d(3)), sum(1 for _ in d(2)))
g = d(5)
next(g)
for v in range(4):
    print(g.send(v * 10))
g.close()


def stack():
    frame, names = sys._getframe(1), []
    while frame:
        names.append(frame.f_code.co_name)
        frame = frame.f_back
    return names


def s1():
    for i in range(3):
        print(stack())
        print([x.gi_running for x in gs], [x.gi_yieldfrom is None for x in gs], [x.gi_frame is not None for x in gs])
        try:
            next(gs[0])
        except ValueError as err:
            print(err)
        yield i


def s2():
    x = "local"
    inner = s1()
    gs.append(inner)
    try:
        yield from inner
    finally:
        print("finally", x, sys.exception())


def s3():
    middle = s2()
    gs.append(middle)
    yield from middle


def chain():
    global gs
    gs = []
    top = s3()
    gs.append(top)
    return top


for q in chain():
    print("q", q)
print(list(chain()))
top = chain()
print(next(top), sys.exception())
try:
    raise KeyError("outer")
except KeyError:
    print(next(top), repr(sys.exception()))
    try:
        top.throw(LookupError("in"))
    except LookupError as z:
        print(repr(z), repr(z.__context__))


def h1():
    try:
        raise KeyError(1)
    except KeyError:
        yield repr(sys.exception())
        yield repr(sys.exception())


def h2():
    print("h2", repr(sys.exception()))
    yield from h1()
    print("h2", repr(sys.exception()))


def h3():
    try:
        raise IndexError
    except IndexError:
        yield from h2()


for x in h3():
    print(x, repr(sys.exception()))
try:
    raise OSError
except OSError:
    for x in h3():
        print(x, repr(sys.exception()))
    print(list(h3()), repr(sys.exception()))


def deep(n):
    if n:
        yield from deep(n - 1)
    yield n


print(sum(deep(60)), len(list(deep(50))))


class Del:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("del", self.name)


def k1():
    x = Del("k1")
    yield 1


def k2():
    x = Del("k2")
    yield from k1()
    yield 2


def k3():
    x = Del("k3")
    yield from k2()
    yield 3


for x in k3():
    print(x)
print(list(k3()))
g = k3()
next(g)
del g
g = k3()
next(g)
g.close()


def listen(frame, event, arg):
    if frame.f_code.co_name in ("m1", "m2", "m3"):
        log.append((event, frame.f_code.co_name))


def m1():
    yield 1
    sys.setprofile(listen)
    yield 2
    yield 3


def m2():
    yield from m1()


def m3():
    yield from m2()


for consume in (lambda g: [x for x in g], list):
    log = []
    consume(m3())
    sys.setprofile(None)
    print(log)

fresh = a(3)
print(gc.is_finalized(fresh), fresh.gi_suspended)
next(fresh)
print(gc.is_finalized(fresh), fresh.gi_suspended)


def local1():
    yield 1
    yield sys._getframe()


def local2():
    yy = 5
    yield from local1()
    print("yy", yy)


g = local2()
next(g)
f = next(g)
frame = g.gi_frame
print(frame.f_locals["yy"], f.f_back)
frame.f_locals["yy"] = 7
print(next(g, "end"))
f = lambda: (yield)
f.__qualname__, f.__name__ = "Q.f", "n"
print(f().__name__, f().__qualname__, a(1).__qualname__, a(1).__name__)


# any, all and tuple of a generator expression are loops in place if the names mean the builtins.
def items(log, n):
    for i in range(n):
        log.append(i)
        yield i


def folded():
    log = []
    print(any(x > 2 for x in items(log, 9)), all(x < 4 for x in items(log, 9)), log)
    print(any(x for x in ()), all(x for x in ()), tuple(x for x in ()), tuple(x * x for x in range(4)))
    print([any(y > x for y in range(3)) for x in range(4)])

    class Truth:
        def __bool__(self):
            raise ZeroDivisionError("truth")

    for build in (lambda: any(Truth() for _ in "a"), lambda: tuple(1 / x for x in (1, 0))):
        try:
            build()
        except ZeroDivisionError as err:
            print(err, err.__traceback__.tb_next.tb_lineno - folded.__code__.co_firstlineno)


folded()


def shadowed(any, all):
    return any(x for x in "ab"), all(x for x in "ab")


print(shadowed(list, set) == (["a", "b"], {"a", "b"}))
import builtins

kept = builtins.any
builtins.any = lambda items: sorted(items, reverse=True)
print(any(x for x in (1, 3, 2)))
builtins.any = builtins.all
print(any(x for x in (1, 0)), [type(c).__name__ for c in folded.__code__.co_consts].count("code"))
builtins.any = kept
print(any(x for x in (1, 0)), [type(c).__name__ for c in folded.__code__.co_consts].count("code"))
