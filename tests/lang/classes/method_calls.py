# Calls of every kind of method through instances and classes, in loops that see several classes.
class Base:
    def plain(self, *args):
        return ("plain", type(self).__name__, args)

    @classmethod
    def of_class(cls, *args):
        return ("of_class", cls.__name__, args)

    @staticmethod
    def static(*args):
        return ("static", args)

    counted = classmethod(len)
    built = staticmethod(max)

    @property
    def prop(self):
        return lambda *args: ("prop", args)


class Derived(Base):
    def plain(self, *args):
        return ("derived", super().plain(*args))

    @classmethod
    def of_class(cls, *args):
        return ("derived", super().of_class(*args))


class Sized(type):
    def __len__(cls):
        return 42

    def of_class(cls, *args):
        return ("meta", cls.__name__, args)

    def only_meta(cls):
        return "only meta"


class WithMeta(Base, metaclass=Sized):
    pass


class Slotted(Base):
    __slots__ = ()


def show(value):
    print(value)


own = Base()
own.plain = lambda *args: ("own", args)
own.static = lambda *args: ("own static", args)
own.of_class = lambda *args: ("own of_class", args)
for round in range(3):
    for thing in (Base(), Derived(), own, WithMeta(), Slotted(), Base, Derived, WithMeta, Slotted):
        show(thing.static(round, 1))
        show(thing.of_class(round))
        show(thing.built(round, 2))
        if isinstance(thing, type):
            show(thing.plain(thing(), round))
        else:
            show(thing.plain(round))
            show(thing.prop(round))
print(WithMeta.counted(), WithMeta.only_meta(), WithMeta.mro()[1].__name__, Base.__subclasses__()[0].__name__)
try:
    Base.counted()
except TypeError as error:
    print(error)
for missing in (Base, Base()):
    try:
        missing.nothing()
    except AttributeError as error:
        print(error)

# A class that changes between calls.
for step in range(4):
    print(Derived.of_class(step), Derived().static(step))
    if step == 0:
        Base.static = staticmethod(lambda *args: ("new static", args))
    if step == 1:
        Derived.of_class = lambda *args: ("function", args)
    if step == 2:
        del Derived.of_class

# A static method that is given another function.
changing = Base.__dict__["static"]
print(Base().static(1))
changing.__init__(lambda *args: ("changed", args))
print(Base().static(1), Base.static(2))


# Attributes of several classes at one place.
class P:
    def __init__(self, n):
        self.n = n
        self.twice = n * 2


class Q:
    def __init__(self, n):
        self.other = 0
        self.n = -n

    @property
    def twice(self):
        return "property"


class R:
    __slots__ = ("n", "twice")

    def __init__(self, n):
        self.n = n * 10
        self.twice = None


class S:
    n = "class"
    twice = "class too"

    def __init__(self, n):
        pass


def total(things):
    found = []
    for thing in things:
        found.append((thing.n, thing.twice))
        if not isinstance(thing, S):
            thing.n = thing.n + 1
    return found


things = [kind(k) for k in range(3) for kind in (P, Q, R, S)]
print(total(things))
print(total(things))
P.n = property(lambda self: "now a property")
S.n = 5
try:
    print(total(things[1:4]))
    print(total(things))
except TypeError as error:
    print(error)


# Arguments by keyword and defaults.
def f(a, b=2, c=3, /, d=4, *, e=5):
    return a, b, c, d, e


def g(a, b, c=30, d=40):
    return a, b, c, d


def no(): return "no"


def attempt(call):
    try:
        print(call())
    except TypeError as error:
        print(error)


for call in (
    lambda: g(1, 2), lambda: g(1, 2, 3), lambda: g(1, 2, 3, 4), lambda: g(1, b=2), lambda: g(b=1, a=2), lambda: g(1, 2, d=4),
    lambda: g(d=4, c=3, b=2, a=1), lambda: g(1), lambda: g(1, c=3), lambda: g(), lambda: g(1, 2, 3, 4, 5), lambda: g(1, a=2, b=3),
    lambda: g(1, 2, e=5), lambda: g(1, 2, 3, 4, d=4), lambda: no(), lambda: no(1), lambda: no(a=1), lambda: f(1), lambda: f(1, d=9),
    lambda: f(1, e=9), lambda: f(1, b=9), lambda: f(a=1), lambda: f(1, 2, 3, 4, e=6), lambda: f(1, 2, 3, 4, 5),
):
    attempt(call)
