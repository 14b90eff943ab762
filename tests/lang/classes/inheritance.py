# Inheritance, super, multiple bases and the method resolution order.
class A:
    def who(self):
        return ["A"]


class B(A):
    def who(self):
        return ["B"] + super().who()


class C(A):
    def who(self):
        return ["C"] + super().who()


class D(B, C):
    def who(self):
        return ["D"] + super().who()


print(D().who(), [k.__name__ for k in D.__mro__], D.mro() == list(D.__mro__), D.__bases__ == (B, C), D.__base__ is B)
print(super(B, D()).who(), super(C, D()).who(), super(D, D).who(D()), isinstance(D(), A), issubclass(D, C), issubclass(C, D), isinstance(D(), (int, C)))
print([c.__name__ for c in A.__subclasses__()])


class Base:
    def __init__(self, **kwargs):
        self.rest = kwargs

    @classmethod
    def make(cls, **k):
        return cls(**k)


class Named(Base):
    def __init__(self, name="?", **kwargs):
        super().__init__(**kwargs)
        self.name = name


class Sized(Base):
    def __init__(self, size=0, **kwargs):
        super().__init__(**kwargs)
        self.size = size


class Thing(Named, Sized):
    pass


t = Thing.make(name="n", size=3, other=1)
print(t.name, t.size, t.rest, type(t).__name__)
for body in ("class X(A, D): pass", "class X(A, A): pass", "class X(5): pass", "class X(bool): pass", "class X(int, str): pass", "super().x", "super(1, 2)", "super(D, 5).who()", "class X(D, None): pass", "class X(type(None)): pass", "class X(range): pass"):
    try:
        exec(body)
    except Exception as e:
        print(type(e).__name__, e)


class MyInt(int):
    def __add__(self, other):
        return MyInt(int(self) + other + 100)

    def __repr__(self):
        return f"MyInt({int(self)})"


print(MyInt(1) + 2, MyInt(5) - 1, 2 + MyInt(3), repr(MyInt(3)), MyInt(7) == 7, [10, 20, 30][MyInt(1)], sorted([MyInt(2), 1]))


class MyStr(str):
    def upper(self):
        return "custom " + super().upper()


print(MyStr("a").upper(), MyStr("a") + "b", type(MyStr("a") + "b").__name__, {MyStr("k"): 1}["k"], MyStr("x").attr if hasattr(MyStr("x"), "attr") else "no attr")


class MyList(list):
    def __getitem__(self, i):
        return ("item", super().__getitem__(i))


m = MyList([1, 2])
print(m[0], list(m), m, len(m), m + [3], [x for x in m])
A.who = lambda self: ["patched"]
print(D().who())


class Attr(D):
    who = None


print(Attr.who, Attr().who)
