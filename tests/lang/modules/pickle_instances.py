# The operations that instances are pickled by: plain ones, and those whose classes or attributes have a say.
import copyreg
import pickle
import pickletools


class Plain:
    pass


class WithState(Plain):
    def __getstate__(self):
        return {"state": 1}


class WithNew(Plain):
    def __getnewargs__(self):
        return (1, 2)

    def __new__(cls, *args):
        return super().__new__(cls)


class Reduced(Plain):
    def __reduce__(self):
        return Plain, (), {"reduced": True}


class Slotted(Plain):
    __slots__ = ("a", "b")


class Hook(Plain):
    def __getattr__(self, name):
        raise AttributeError(name)


def made(cls, **attributes):
    o = cls()
    for name, value in attributes.items():
        setattr(o, name, value)
    return o


def show(o, protocol):
    data = pickle.dumps(o, protocol)
    print(protocol, [(op.name, arg) for op, arg, _ in pickletools.genops(data) if op.name not in ("FRAME",)])
    again = pickle.loads(data)
    print(type(again).__name__, sorted(getattr(again, "__dict__", {}).items(), key=lambda pair: pair[0]) if not isinstance(again, list) else len(again))


shared = ["shared"]
outer = made(Plain, first=1, second="two", shared=shared, inner=made(Plain, only=shared))
for protocol in range(6):
    for o in (
        made(Plain),
        made(Plain, one=1),
        made(Plain, a=1, b=2.5, c="c"),
        [outer.inner, outer.shared, outer.inner],
        made(WithState, a=1),
        made(WithNew, a=1),
        made(Reduced, a=1),
        made(Hook, a=1),
    ):
        show(o, protocol)
for protocol in range(2, 6):
    show(made(Slotted, a=1, b=2, other=3), protocol)

cycle = made(Plain)
cycle.me = cycle
again = pickle.loads(pickle.dumps(cycle))
print(again.me is again)
own = made(Plain, a=1)
own.__dict__["mine"] = own.__dict__
again = pickle.loads(pickle.dumps(own))
print(again.a, again.mine["a"], again.mine is again.__dict__)

o = made(Plain, a=1)
o.__reduce_ex__ = lambda protocol: (made, (Plain,), {"by": "the instance"})
print(pickle.loads(pickle.dumps(o)).by)
o = made(Plain, a=1)
o.__getstate__ = lambda: {"by": "its state"}
print(pickle.loads(pickle.dumps(o)).by)

for bad in (made(Plain, a=1, f=lambda: 1), made(Plain, only=lambda: 1), made(type("Lost", (), {}), a=1)):
    try:
        pickle.dumps(bad)
    except Exception as error:
        print(type(error).__name__, error.__notes__)

copyreg.pickle(Plain, lambda o: (made, (Plain,), {"by": "copyreg"}))
print(pickle.loads(pickle.dumps(made(Plain, a=1))).by)
del copyreg.dispatch_table[Plain]
Plain.__reduce_ex__ = lambda self, protocol: (made, (Plain,), {"by": "the class"})
print(pickle.loads(pickle.dumps(made(Plain, a=1))).by)
del Plain.__reduce_ex__
Plain.__setstate__ = lambda self, state: setattr(self, "by", state)
print(pickle.loads(pickle.dumps(made(Plain, a=1))).by)
