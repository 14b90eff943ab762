"""Pickling by a `__reduce__` written in Python, found or hidden in every way; dicts in pickles, and old protocols' numbers."""
import copyreg
import io
import pickle


class Own:
    def __init__(self, a=0, b=0):
        self.a, self.b = a, b

    def __reduce__(self):
        return type(self), (self.a, self.b)

    def __repr__(self):
        return f"{type(self).__name__}({self.a}, {self.b})"


class Slotted:
    __slots__ = ("a",)

    def __init__(self, a):
        self.a = a

    def __reduce__(self):
        return Slotted, (self.a,)

    def __repr__(self):
        return f"Slotted({self.a})"


class Ex(Own):
    def __reduce_ex__(self, protocol):
        return Ex, (self.a, protocol)


class Named(Own):
    def __reduce__(self):
        return "the_named"


the_named = Named()


class State(Own):
    def __reduce__(self):
        return State, (), {"a": [self.a], "b": self}


class Fails(Own):
    def __reduce__(self):
        raise LookupError("no")


class Wrong(Own):
    def __reduce__(self):
        return self.a


class Static(Own):
    @staticmethod
    def __reduce__():
        return Own, (7,)


class Attributes(Own):
    def __getattribute__(self, name):
        if name == "__reduce__":
            return lambda: (Own, ("from", "getattribute"))
        return super().__getattribute__(name)


class Number(int):
    def __reduce__(self):
        return Number, (int(self) + 1,)


class __newobj__:
    def __reduce__(self):
        return __newobj__, (Own,)


def shown(value, protocols=(0, 1, 2, 5)):
    for protocol in protocols:
        try:
            data = pickle.dumps(value, protocol)
            print(protocol, len(data), pickle.loads(data), end="; ")
        except Exception as error:
            print(protocol, type(error).__name__, error, getattr(error, "__notes__", None), end="; ")
    print()


for value in (Own(1, 2), Slotted([1]), Ex(1), Named(1), the_named, Fails(), Wrong(5), Wrong("x.y"), Wrong((1,)), Wrong((1, 2)), Wrong((Own, 2)), Static(), Attributes(1, 2), Number(5),
              __newobj__(), [Own(1), Own(1)] * 2):
    shown(value)
looped = pickle.loads(pickle.dumps(State(3)))
print(looped.a, looped.b is looped)

own = Own(1, 2)
own.__reduce__ = lambda: (Own, ("of", "instance"))
shown(own)
own.__reduce_ex__ = lambda protocol: (Own, ("ex of instance", protocol))
shown(own)
del own.__reduce__, own.__reduce_ex__
shown(own)
reduce = Own.__reduce__
for change in (lambda self: (Own, ("changed", 1)), len, 5, None, object.__reduce__, classmethod(lambda cls: (cls, ("class", 2)))):
    Own.__reduce__ = change
    shown(own, (0, 5))
del Own.__reduce__
shown(own.a)
Own.__reduce__ = reduce
Own.__reduce_ex__ = lambda self, protocol: (Own, ("late", protocol))
shown(own)
del Own.__reduce_ex__
copyreg.pickle(Own, lambda own: (Own, ("table", 3)))
shown(own)
del copyreg.dispatch_table[Own]
shown(own)

# Numbers in text.
for value in (0, 7, -7, 10, -10, 2**31 - 1, -(2**31), 2**31, -(2**31) - 1, 10**30, True, [1] * 3, ["a"] * 3, [[]] * 3):
    print(pickle.dumps(value, 0), end=" ")
print()
many = [[i] for i in range(260)]
for protocol in (0, 1, 2, 5):
    assert pickle.loads(pickle.dumps(many + many, protocol)) == many + many
print(pickle.dumps(many + many, 0)[-60:])

large = {i: i for i in range(2001)}
assert pickle.loads(pickle.dumps(large)) == large

# Dicts of all sizes, and what takes their items.
for count in (0, 1, 2, 5, 6, 10, 11, 42):
    for make in (str, int, float, lambda i: (i, "k")):
        value = {make(i): i for i in range(count)}
        for protocol in (0, 1, 5):
            again = pickle.loads(pickle.dumps(value, protocol))
            assert again == value and list(again) == list(value)
            again[make(0)] = 1
            again.pop(make(0))
            again["new"] = 2
            assert len(again) == max(count, 1)


class Items(dict):
    def __setitem__(self, key, value):
        super().__setitem__(key, [value])


print(pickle.loads(pickle.dumps(Items(a=1, b=2))))
print(pickle.loads(b"}(X\1\0\0\0aK\1X\1\0\0\0aK\2X\1\0\0\0bK\3u."), pickle.loads(b"}(K\1K\2I1\nK\3I01\nK\4u."), pickle.loads(b"}(u."), pickle.loads(b"}K\1K\2s(K\3K\4u."))
for data in (b"}(K\1u.", b"}(]K\1u.", b"(u.", b"K\1(K\1K\2u.", b"}K\1s.", b"}(K\1K\2]K\3K\4K\5u.", b"g5\n.", b"h\5.", b"j\5\0\0\0.", b"K", b"M\1", b"h", b"(l.h"):
    try:
        print(pickle.loads(data))
    except Exception as error:
        print(type(error).__name__, error)
print(pickle.loads(b"]r\0\0\1\0]r\1\0\1\0r\2\0\1\0j\0\0\1\0\x86."), pickle.loads(b"]q\5\x94]\x94h\5h\1\x87."))


class Short(io.BytesIO):
    def read(self, count=-1):
        return super().read(count)


for data in (pickle.dumps([1.5, 300, 70000, "text", many[:9]], p) for p in (0, 1, 2, 4)):
    assert pickle.load(Short(data)) == [1.5, 300, 70000, "text", many[:9]]
    for cut in range(1, 30):
        try:
            pickle.load(Short(data[:cut]))
        except (pickle.UnpicklingError, EOFError, ValueError) as error:
            if cut % 7 == 0:
                print(type(error).__name__, error)
