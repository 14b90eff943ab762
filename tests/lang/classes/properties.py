# property: getter, setter, deleter, inheritance, errors.
class T:
    def __init__(self):
        self._c = 0

    @property
    def c(self):
        """Degrees."""
        return self._c

    @c.setter
    def c(self, value):
        if value < -273:
            raise ValueError("too cold")
        self._c = value

    @c.deleter
    def c(self):
        print("deleting")
        self._c = None

    @property
    def f(self):
        return self._c * 9 / 5 + 32

    x = property(lambda self: "x", None, None, "doc of x")
    w = property(None, lambda self, v: print("write only", v))


t = T()
t.c = 100
print(t.c, t.f, T.c.__doc__, T.x.__doc__, t.x, type(T.c).__name__, T.c.fget(t), T.c.__name__)
t.w = 5
del t.c
print(t.c)
for f in (lambda: setattr(t, "f", 1), lambda: delattr(t, "f"), lambda: t.w, lambda: setattr(t, "c", -300), lambda: setattr(t, "x", 1), lambda: delattr(t, "x")):
    try:
        f()
    except (AttributeError, ValueError) as e:
        print(type(e).__name__, e)


class Sub(T):
    @T.c.getter
    def c(self):
        return "sub " + str(self._c)

    @property
    def f(self):
        return super().f if self._c is not None else None


s = Sub()
s.c = 10
print(s.c, s.f, T.c is not Sub.c)


class Raises:
    @property
    def p(self):
        return self.missing

    def __getattr__(self, name):
        return f"fallback for {name}"


print(Raises().p)


class Raises2:
    @property
    def p(self):
        raise AttributeError("from the property")


try:
    Raises2().p
except AttributeError as e:
    print(e)
print(hasattr(Raises2(), "p"), getattr(Raises2(), "p", "default"))
p = property()
print(p.fget, p.__doc__)


class Meta(type):
    @property
    def registry(cls):
        return cls.__name__.lower()


class M(metaclass=Meta):
    pass


print(M.registry)
try:
    M().registry
except AttributeError as e:
    print(e)
T.c = 5
print(T.c, T().c)
