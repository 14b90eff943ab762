# Descriptors: data and non-data, precedence, __set_name__, functions as descriptors.
class Data:
    def __set_name__(self, owner, name):
        print("set_name", owner.__name__, name)
        self.name = name

    def __get__(self, obj, owner=None):
        return f"get {self.name} {obj is not None} {owner.__name__}"

    def __set__(self, obj, value):
        print("set", self.name, value)

    def __delete__(self, obj):
        print("delete", self.name)


class NonData:
    def __get__(self, obj, owner=None):
        return "non-data"


class ReadOnly:
    def __get__(self, obj, owner=None):
        return "read only"

    def __set__(self, obj, value):
        raise AttributeError("cannot set")


class C:
    d = Data()
    n = NonData()
    r = ReadOnly()

    def method(self):
        return "method"


c = C()
c.__dict__.update(d="instance d", n="instance n", r="instance r", method="shadowed method")
print(c.d, c.n, c.r, c.method, sep=", ")
print(C.d, C.n, C.r)
c.d = 5
del c.d
try:
    c.r = 1
except AttributeError as e:
    print(e)
try:
    del c.r
except AttributeError as e:
    print(e)
c.n = "replaced"
print(c.n, c.__dict__)
f = C.method
print(f.__get__(c, C)() , type(f.__get__(c, C)).__name__, f.__get__(None, C) is f, C.__dict__["method"] is f)


class Cached:
    def __init__(self, f):
        self.f, self.name = f, f.__name__

    def __get__(self, obj, owner):
        if obj is None:
            return self
        print("computing")
        value = obj.__dict__[self.name] = self.f(obj)
        return value


class K:
    @Cached
    def value(self):
        return 42


k = K()
print(k.value, k.value, K.value is K.__dict__["value"])
K.late = Data()
try:
    k.late
except AttributeError as e:
    print(e)


class Bad:
    def __set_name__(self, owner, name):
        raise ValueError("bad name")


try:
    class X:
        attr = Bad()
except ValueError as e:
    print(e, e.__notes__)


class Callable:
    def __get__(self, obj, owner):
        return lambda *a: (obj is None, a)

    def __call__(self):
        return "not a descriptor call"


class Y:
    __len__ = lambda self: 3
    m = Callable()
    s = staticmethod(len)
    c = classmethod(lambda cls, x: (cls.__name__, x))


print(Y().m(1), Y.m(2), len(Y()), Y().s("abc"), Y.c(5), Y().c(6))
