"""Attributes of class objects read again and again at one place, while classes, metaclasses and descriptors change."""


class Meta(type):
    limit = 1

    def shown(cls):
        return f"shown {cls.__name__}"

    def both(cls):
        return "meta's"

    @property
    def data(cls):
        return "data of the metaclass"


class Base(metaclass=Meta):
    kind = "base"
    data = "hidden"

    def both(self=None):
        return "own"

    @staticmethod
    def plain(x=0):
        return ("static", x)

    @classmethod
    def made(cls, x=0):
        return (cls.__name__, x)


class Sub(Base):
    pass


class Other(metaclass=Meta):
    kind = "other"


def read(cls):
    return cls.kind, cls.limit, cls.data


def call(cls):
    return cls.shown(), cls.both(), cls.plain(1), cls.made(2)


for _ in range(3):
    print(read(Base), read(Sub), read(Other))
    print(call(Base), call(Sub))
Sub.kind = "sub"
print(read(Sub), read(Base))
Base.kind = 5
del Sub.kind
print(read(Sub), read(Base))
Meta.limit = 2
print(read(Base))
Meta.kind = property(lambda cls: "from the metaclass")
print(read(Base), read(Other))
del Meta.kind
print(read(Base))
Base.both = lambda self=None: "changed"
Base.plain = classmethod(lambda cls, x: ("now a class method", x))
Base.made = 3
try:
    call(Base)
except TypeError as error:
    print(error)
print(Base.plain(1), Sub.plain(2))


class Late:
    pass


class Holder:
    value = Late()


def value():
    return Holder.value


print(type(value()).__name__, type(value()).__name__)
Late.__get__ = lambda self, instance, owner: (instance, owner.__name__)
print(value(), value())
del Late.__get__
print(type(value()).__name__)


class Doubled:
    def __init__(self, n):
        self.n = n

    def __get__(self, instance, owner=None):
        return self if instance is None else instance.base * self.n

    def __set__(self, instance, value):
        instance.base = value


class Uses:
    double = Doubled(2)
    base = 4


def get(uses):
    return uses.double


uses = Uses()
print(get(uses), get(uses), type(get(Uses)).__name__)
uses.double = 10
uses.__dict__["double"] = "in the dict"
print(get(uses), get(uses))
del Doubled.__set__
print(get(uses))
Doubled.__set__ = None
Doubled.__get__ = lambda self, instance, owner: "another"
print(get(uses))


class Failing:
    def __get__(self, instance, owner):
        raise AttributeError("in get")

    def __set__(self, instance, value):
        pass


class Hooked:
    attribute = Failing()

    def __getattr__(self, name):
        return f"hook {name}"


class Bare:
    attribute = Failing()


print(Hooked().attribute, hasattr(Bare(), "attribute"))
for _ in range(2):
    try:
        Bare().attribute
    except AttributeError as error:
        print(error)
    try:
        Base.missing
    except AttributeError as error:
        print(error)


class Counter:
    made = 0

    def __init__(self):
        Counter.made += 1


for _ in range(5):
    Counter()
print(Counter.made)


class Refusing(type):
    def __getattribute__(cls, name):
        return "metaclass says " + name if name == "x" else super().__getattribute__(name)

    def __call__(cls, *args, **kwargs):
        return ("called", args, kwargs)


class Refused(metaclass=Refusing):
    x = 1


print([Refused.x for _ in range(3)], Refused(1), Refused(a=2), Refused(*(1, 2), **{"b": 3}))


class Tally:
    count = 0
    flag = False
    note = None

    def own(self):
        return self.count, self.flag, self.note

    @classmethod
    def of_class(cls):
        return cls.count, cls.flag, cls.note


class SubTally(Tally):
    pass


def totals(*classes):
    return [(c.count, c.flag, c.note, c.of_class(), c().own()) for c in classes]


for i in range(4):
    Tally.count += 1
    Tally.flag = not Tally.flag
    Tally.note = None if i % 2 else 1.5
    print(totals(Tally, SubTally))
SubTally.count = 10
SubTally.count += 1
print(totals(Tally, SubTally))
Tally.count = "text"
Tally.extra = 1
print(totals(Tally, SubTally))
Tally.count = 7
Tally.count = 8
print(totals(Tally, SubTally), Tally().count, vars(Tally)["count"])
del SubTally.count
print(totals(Tally, SubTally))
del Tally.note
try:
    totals(Tally)
except AttributeError as error:
    print(error)
Tally.note = property(lambda self: "now a property")
print(Tally().own()[2])
