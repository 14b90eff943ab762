# What holds a reference and when it lets go: a table.
import sys


class T:
    pass


target = T()


def passed(x):
    return sys.getrefcount(target)


def gen(x):
    yield


def started(x):
    g = gen(x)
    next(g)
    return g


def caught(x):
    try:
        1 / 0
    except ZeroDivisionError as e:
        return e


def finished(x):
    g = started(x)
    list(g)
    return g


def exhausted(x):
    i = iter([x])
    list(i)
    return i


holders = {
    "list": lambda x: [x], "twice": lambda x: [x, x], "dict": lambda x: {1: x}, "key": lambda x: {x: 1}, "set": lambda x: {x}, "tuple": lambda x: (x,),
    "attribute": lambda x: setattr(o := T(), "a", x) or o, "closure": lambda x: lambda: x, "default": lambda x: lambda y=x: y, "generator": gen, "started": started,
    "finished": finished, "exhausted iterator": exhausted, "iterator": lambda x: iter([x]), "traceback": caught, "args": lambda x: ValueError(x), "slice": lambda x: slice(x), "map": lambda x: map(str, [x]),
    "deep": lambda x: [[[{0: (x,)}]]], "function attribute": lambda x: setattr(f := lambda: 0, "x", x) or f, "partial unpack": lambda x: [*[x]], "kwargs": lambda x: dict(x=x), "method": lambda x: x.__eq__, "str": lambda x: str(x), "nothing": lambda x: None,
}
base = sys.getrefcount(target)
for name, hold in holders.items():
    held = hold(target)
    during = sys.getrefcount(target) - base
    del held
    print(name, during, sys.getrefcount(target) - base)
target.me = target
print(sys.getrefcount(target) - base)
del target.me
items = [target for _ in range(100)]
print(sys.getrefcount(target) - base)
del items[10:]
print(sys.getrefcount(target) - base)
items *= 3
print(sys.getrefcount(target) - base)
items.clear()
print(sys.getrefcount(target) - base)
