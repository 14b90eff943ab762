"""Classes that hold instances without a place for a reference: the class of each is its one way into the cycle."""
import gc
import weakref


def cycle(*bases, value=()):
    class Held(*bases):
        __slots__ = ()

    Held.instance = Held(*value)
    return weakref.ref(Held)


gc.disable()
for reference in [cycle(), cycle(int, value=(5,)), cycle(str, value=("text",)), cycle(tuple, value=((1, 2),)), cycle(float, value=(0.5,)),
                  cycle(frozenset, value=((1,),)), cycle(bytes, value=(b"x",)), cycle(Exception)]:
    gc.collect()
    print(reference() is None)


class Plain:
    __slots__ = ()


class Number(int):
    __slots__ = ()


print([(made.__flags__ >> 14 & 1, gc.is_tracked(thing)) for made, thing in ((Plain, Plain()), (Number, Number(3)))])
