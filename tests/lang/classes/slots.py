# __slots__: layout, inheritance, errors.
class S:
    __slots__ = ("a", "b")

    def __init__(self):
        self.a = 1


s = S()
print(s.a, S.__slots__, type(S.a).__name__, S.a)
for f in (lambda: s.b, lambda: setattr(s, "c", 1), lambda: s.__dict__, lambda: delattr(s, "b"), lambda: S.a.__get__(5)):
    try:
        print(f())
    except (AttributeError, TypeError) as e:
        print(type(e).__name__, e)
s.b = 2
print(s.b, S.b.__get__(s), hasattr(s, "__dict__"), hasattr(s, "b"))
del s.b
print(hasattr(s, "b"))


class Open(S):
    pass


o = Open()
o.c = 3
print(o.a, o.c, o.__dict__)


class More(S):
    __slots__ = ("d",)


m = More()
m.d, m.b = 4, 5
print(m.a, m.b, m.d, hasattr(m, "__dict__"))


class WithDict:
    __slots__ = ("x", "__dict__")


w = WithDict()
w.x, w.y = 1, 2
print(w.x, w.y, w.__dict__)


class One:
    __slots__ = "single"


One().single = 1
print(One.__slots__)


class Private:
    __slots__ = ("__hidden",)

    def __init__(self):
        self.__hidden = "mangled"


print(Private()._Private__hidden)
for body in ("class X:\n __slots__ = ('a',)\n a = 1", "class X:\n __slots__ = ('1a',)", "class X:\n __slots__ = (5,)", "class X(int):\n __slots__ = ('a',)", "class X(tuple):\n __slots__ = ('a',)",
             "class A:\n __slots__=('a',)\nclass B:\n __slots__=('b',)\nclass X(A, B): pass", "class X(S):\n __slots__ = ('__dict__', '__dict__')"):
    try:
        exec(body)
        print("fine")
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)


class Empty:
    __slots__ = ()


try:
    Empty().x = 1
except AttributeError as e:
    print(e)


class P(Empty):
    __slots__ = {"documented": "its doc"}


print(P.documented.__doc__, P.__slots__)


class Default:
    __slots__ = ("v",)

    def __getattr__(self, name):
        return f"no {name}"


d = Default()
print(d.v, d.other)
d.v = 1
print(d.v)
x, y = S(), S()
try:
    x.__class__ = More
except TypeError as e:
    print(e)
