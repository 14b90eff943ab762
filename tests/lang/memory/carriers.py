# modes: auto
# A cycle through every kind of builtin object is freed.
import gc
import weakref


class Node:
    pass


def generator(x):
    yield x
    yield x


def started(x):
    g = generator(x)
    next(g)
    return g


def caught(x):
    try:
        raise ValueError
    except ValueError as e:
        return e


class Wait:
    def __await__(self):
        yield


async def coroutine(x):
    await Wait()
    return x


def suspended(x):
    c = coroutine(x)
    c.send(None)
    return c


async def agen(x):
    yield x


class WithSlots:
    __slots__ = ("x", "__weakref__")

    def __init__(self, x):
        self.x = x


class Sub(list):
    pass


def cell(x):
    return (lambda: x).__closure__[0]


carriers = [
    lambda x: [x], lambda x: (x,), lambda x: {1: x}, lambda x: {x: 1}, lambda x: {x}, lambda x: frozenset([x]), lambda x: [[[[x]]]],
    lambda x: (lambda: x), cell, lambda x: (lambda y=x: y), lambda x: (lambda *, y=x: y), generator, started, suspended, agen,
    caught, lambda x: caught(x).__traceback__, lambda x: caught(x).__traceback__.tb_frame, ValueError, lambda x: ExceptionGroup("g", [ValueError(x)]),
    lambda x: x.__class__.__init__.__get__(x), lambda x: [x].append, lambda x: property(lambda s: x), lambda x: staticmethod(lambda: x),
    lambda x: classmethod(lambda: x), lambda x: super(Node, x), lambda x: type("C", (), {"x": x}), WithSlots, lambda x: Sub([x]),
    lambda x: iter([x]), lambda x: iter((x,)), lambda x: iter({x}), lambda x: iter({1: x}), lambda x: {1: x}.keys(), lambda x: {1: x}.values(), lambda x: {1: x}.items(),
    lambda x: iter({1: x}.values()), lambda x: iter({1: x}.items()), lambda x: reversed([x]), lambda x: reversed({1: x}), lambda x: map(lambda y: x, [1]), lambda x: filter(None, [x]),
    lambda x: zip([x]), lambda x: enumerate([x]), lambda x: slice(x), lambda x: slice(None, None, x), lambda x: list[x], lambda x: iter(lambda: x, 0), lambda x: (y for y in [x]),
    lambda x: type("C", (), {"x": x}).__dict__, lambda x: weakref.ref(Node, lambda r: x), lambda x: memoryview(bytearray(3)) and [x], lambda x: int | type("C", (), {"x": x}),
    lambda x: type("D", (dict,), {})(k=x), lambda x: type("E", (tuple,), {})((x,)), lambda x: weakref.proxy(x, lambda r: x) and [x],
]
for i, carry in enumerate(carriers):
    node = Node()
    ref = weakref.ref(node)
    node.carrier = carry(node)
    del node
    alive = ref() is not None
    gc.collect()
    if not alive or ref() is not None:
        print("carrier", i, alive, ref() is not None)
print(len(carriers), "carriers")
