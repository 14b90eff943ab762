"""Attributes of classes that are stored again and again: counters, flags, and all that may come in between."""


class Base:
    held = 0
    word = "a"


class Derived(Base):
    pass


def bump(cls, n=1):
    for _ in range(n):
        cls.held += 1
    return cls.held


def put(cls, value):
    cls.held = value
    return cls.held, Derived.held, Base.__dict__["held"]


print(bump(Base, 5), Derived.held, Base().held)
print(bump(Derived, 3), Base.held, "held" in Derived.__dict__, Derived().held)
print(bump(Base, 4), bump(Derived, 4), bump(Base, 4))
del Derived.held
print(bump(Base, 2), Derived.held, bump(Derived), Base.held)
del Derived.held
for value in 1, 2, 2.5, None, True, "text", 3, [4], 5, 6, 2**70, 7, 8:
    print(put(Base, value))
try:
    del Base.held
    print(bump(Base))
except AttributeError as error:
    print(error)
print(put(Base, 1), bump(Base, 3))
Base.other = 1
print(bump(Base, 3), [name for name in Base.__dict__ if not name.startswith("__")])
del Base.word
print(bump(Base, 3), [name for name in Base.__dict__ if not name.startswith("__")])


class Watching(type):
    def __setattr__(cls, name, value):
        print("  sets", name, value)
        super().__setattr__(name, value)


class Plain(type):
    pass


class Watched(metaclass=Watching):
    held = 0


class Quiet(metaclass=Plain):
    held = 0


print(bump(Watched, 2), bump(Quiet, 4))
Plain.__setattr__ = lambda cls, name, value: print("  patched", name, value)
print(bump(Quiet, 2))
del Plain.__setattr__
print(bump(Quiet, 3))


class Guard:
    def __get__(self, instance, owner):
        return 40

    def __set__(self, instance, value):
        print("  guarded", value)


Plain.held = Guard()
print(bump(Quiet, 2), Quiet.__dict__["held"])
Plain.held = 3
print(bump(Quiet, 2), Quiet.__dict__["held"])
del Plain.held
print(bump(Quiet, 2))


class Slots:
    __slots__ = ("a",)
    held = 0


print(bump(Slots, 4), Slots().held)


class Values:
    __doc__ = None
    __flag__ = 0


def flags(n):
    for i in range(n):
        Values.__flag__ = i
        Values.__doc__ = i
    return Values.__flag__, Values.__doc__


print(flags(4))


for cls in int, Exception, type:
    try:
        bump(cls)
    except (TypeError, AttributeError) as error:
        print(error)
    try:
        put(cls, 1)
    except (TypeError, AttributeError) as error:
        print(error)


# One instruction, many classes.
class Table(type):
    def size(cls):
        return len(cls.rows)

    kind = "table"


class One(metaclass=Table):
    rows = [1]

    @staticmethod
    def plain():
        return "One.plain"

    @classmethod
    def own(cls):
        return cls.__name__


class Two(metaclass=Table):
    rows = [1, 2]
    kind = "two"

    def plain():
        return "Two.plain"

    @classmethod
    def own(cls):
        return "own " + cls.__name__


class Three(One):
    pass


def ask(*classes):
    return [(cls.rows, cls.kind, cls.size(), cls.plain(), cls.own()) for cls in classes * 2]


print(ask(One, Two, Three))
One.rows = [1, 1]
print(ask(One, Two, Three))
Table.size = lambda cls: -len(cls.rows)
print(ask(One, Two, Three))
Three.plain = lambda: "Three.plain"
Table.kind = property(lambda cls: "property of " + cls.__name__)
print(ask(One, Two, Three))
Two.own = One.own
del Three.plain
del Table.kind
One.kind = "one"
print(ask(One, Two, Three))


class Other(Table):
    def size(cls):
        return "other"


Three.__class__ = Other
print(ask(One, Two, Three))
