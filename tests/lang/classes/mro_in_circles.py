"""Classes whose own `mro` leads back to their subclasses."""


class Backwards(type):
    def mro(cls):
        order = super().mro()
        return order[:1] + order[:0:-1] if len(order) > 2 else order


class Upside(type):
    def mro(cls):
        return super().mro()[::-1]


class A:
    x = "A"

    def f(self):
        return "A.f"


class B(A):
    x = "B"

    def f(self):
        return "B.f"


class C(B, metaclass=Backwards):
    pass


class D(metaclass=Upside):
    def f(self):
        return "D.f"


class E(D):
    def f(self):
        return "E.f"


for again in range(3):
    print([cls.__name__ for cls in C.__mro__], C().f(), C.x, [cls.__name__ for cls in E.__mro__])
    try:
        print(E.f(1), E.__name__)
    except Exception as error:
        print(type(error).__name__, error)
B.f = lambda self: "new B.f"
A.x = "new A"
A.f = lambda self: "new A.f"
D.f = lambda self: "new D.f"
print(C().f(), C.x, E.f(1))


class Loop(type):
    """Each class's MRO has the other in it."""

    others = []

    def mro(cls):
        return super().mro()[:1] + list(Loop.others) + [object]


class First(metaclass=Loop):
    name = "first"


Loop.others.append(First)


class Second(metaclass=Loop):
    other = "second"


Loop.others[:] = [Second]
First.__bases__ = First.__bases__
First.name = "first again"
Second.other = "second again"
print(First.name, First.other, Second.name, Second.other, [c.__name__ for c in First.__mro__], [c.__name__ for c in Second.__mro__])
