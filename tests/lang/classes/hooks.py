# __init_subclass__, __class_getitem__, __new__, __getattr__, __getattribute__, __setattr__, __dir__.
class Base:
    plugins = []

    def __init_subclass__(cls, /, tag=None, **kwargs):
        super().__init_subclass__(**kwargs)
        cls.tag = tag
        Base.plugins.append(cls.__name__)

    def __class_getitem__(cls, item):
        return f"{cls.__name__}[{item}]"


class P(Base, tag="p"): pass
class Q(P): pass


print(Base.plugins, P.tag, Q.tag, P[int], Base["x", 1])
try:
    class Bad(Base, unknown=1): pass
except TypeError as e:
    print(e)


class Immutable:
    def __new__(cls, *args, **kwargs):
        print("new", cls.__name__, args, kwargs)
        self = super().__new__(cls)
        object.__setattr__(self, "args", args)
        return self

    def __init__(self, *args, **kwargs):
        print("init", args, kwargs)

    def __setattr__(self, name, value):
        raise AttributeError(f"cannot set {name}")

    def __delattr__(self, name):
        raise AttributeError(f"cannot delete {name}")


i = Immutable(1, k=2)
for f in (lambda: setattr(i, "x", 1), lambda: delattr(i, "args")):
    try:
        f()
    except AttributeError as e:
        print(e)


class NotInstance:
    def __new__(cls):
        return "a string"

    def __init__(self):
        print("never")


print(NotInstance())


class Dynamic:
    real = "class attribute"

    def __getattr__(self, name):
        if name.startswith("no_"):
            raise AttributeError(f"nothing called {name}")
        return f"dynamic {name}"

    def __dir__(self):
        return ["z", "a"]


d = Dynamic()
d.own = 1
print(d.real, d.own, d.anything, hasattr(d, "no_x"), getattr(d, "no_y", "default"), dir(d))


class Traced:
    x = 1

    def __getattribute__(self, name):
        print("get", name)
        return super().__getattribute__(name)

    def method(self):
        return self.x


print(Traced().method())


class Both:
    def __getattribute__(self, name):
        raise AttributeError("from getattribute")

    def __getattr__(self, name):
        return f"rescued {name}"


print(Both().q)


class NewArgs:
    def __new__(cls, x):
        return super().__new__(cls)


class NoInit:
    pass


for f in (lambda: NewArgs(), lambda: NewArgs(1, 2), lambda: NoInit(1), lambda: object.__new__(int), lambda: object.__new__(5), lambda: object.__new__(NoInit, 1), lambda: object(1), lambda: type("I", (), {"__init__": lambda self: 5})(), lambda: int.__new__(str)):
    try:
        print(type(f()).__name__)
    except TypeError as e:
        print(e)
