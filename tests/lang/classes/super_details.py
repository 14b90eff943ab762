# super in odd places: closures, class methods, static calls, properties, missing attributes.
class A:
    x = "A.x"

    def f(self, n=0):
        return f"A.f{n}"

    @classmethod
    def c(cls):
        return f"A.c of {cls.__name__}"

    @staticmethod
    def s():
        return "A.s"

    @property
    def p(self):
        return "A.p"

    def __getitem__(self, i):
        return f"A[{i}]"


class B(A):
    x = "B.x"

    def f(self, n=0):
        def inner():
            return super(B, self).f(n + 1)
        return inner(), [super(B, self).f(i) for i in range(2)], super().x

    @classmethod
    def c(cls):
        return "B then " + super().c()

    @staticmethod
    def s():
        return "B then " + super(B, B).s()

    @property
    def p(self):
        return "B then " + super().p

    def __getitem__(self, i):
        return super().__getitem__(i) + "!"

    def attrs(self):
        s = super()
        return s.x, type(s).__name__, s.__thisclass__.__name__, s.__self__ is self, s.__self_class__.__name__

    def missing(self):
        return super().nothing

    def set(self):
        super().y = 1

    def item(self):
        return super()[0]


b = B()
print(b.f(), B.c(), B.s(), b.p, b[3], b.attrs())
for f in (b.missing, b.set, b.item):
    try:
        print(f())
    except (AttributeError, TypeError) as e:
        print(type(e).__name__, e)


class C(B):
    def f(self):
        return super().f()

    c = classmethod(lambda cls: super(C, cls).c())


print(C().f()[0], C.c(), C.s())


def outside(self):
    return super().f()


C.g = outside
try:
    C().g()
except RuntimeError as e:
    print(e)


class D(A):
    def deleted(self):
        del self
        return super()

    def no_self():
        return super()

    def reassigned(self):
        self = D()
        return super().f(9)


for f in (D().deleted, D.no_self, D().reassigned):
    try:
        print(f())
    except (RuntimeError, TypeError) as e:
        print(e)


class Left(A):
    def f(self, n=0): return "L" + super().f(n)
class Right(A):
    def f(self, n=0): return "R" + super().f(n)
class Diamond(Left, Right):
    def f(self, n=0): return "D" + super().f(n)


print(Diamond().f(), super(Left, Diamond()).f(), super(Diamond, Diamond).f(Diamond()))
