# Instances whose __init__ only stores: as any others, whatever happens to the class meanwhile.
import gc
import sys
import weakref


class Plain:
    def __init__(self, x, y):
        self.x = x
        self.y = y


class Other(Plain):
    pass


class Slotted:
    __slots__ = ("x", "y", "__weakref__")

    def __init__(self, x, y):
        self.y = y
        self.x = x


class Below(Slotted):
    __slots__ = ("z",)


class WithDict(Slotted):
    def __init__(self, x, y):
        self.x = x
        self.free = y
        self.y = 2


class Constants:
    def __init__(self):
        self.none = None
        self.a = self.b = 7
        self.text = "a text"
        self.pair = (1, [], 2)[::2]
        self.big = 1 << 70


class Only:
    def __init__(self, value):
        self.none = self.nothing = None
        self.big = 123456789012345678901234567890
        self.half = 0.5
        self.pair = (1, "two", 3.0)
        self.minus = -1
        self.value = self.again = value


def shown(instance):
    slots = [n for c in type(instance).__mro__ for n in getattr(c, "__slots__", ()) if n != "__weakref__"]
    return [(n, getattr(instance, n, "-")) for n in slots], getattr(instance, "__dict__", None)


for cls in Plain, Other, Slotted, Below, WithDict:
    for i in range(8):
        made = cls(i, [i])
        if i in (0, 2, 3, 7):
            print(cls.__name__, shown(made))
for i in range(6):
    constants, only = Constants(), Only([i])
print(shown(constants))
print(shown(only), only.value is only.again, sys.getrefcount(only.value))

# Both classes in one place.
print([type(c(1, 2)).__name__ + str(c(3, 4).y) for c in (Plain, Other) * 6])

# What is stored is held once, and goes with the instance.
class Thing:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("gone", self.name)


def things():
    for i in range(6):
        plain = Plain(Thing(f"x{i}"), Thing(f"y{i}"))
    print("last")
    del plain
    for i in range(4):
        Plain(Thing(f"p{i}"), 1)


things()
one = object()
before = sys.getrefcount(one)
many = [Plain(one, one) for _ in range(10)]
print(sys.getrefcount(one) - before)
many.clear()
print(sys.getrefcount(one) - before)

# Attributes that come and go afterwards.
grown = [Plain(i, i) for i in range(5)]
for i, instance in enumerate(grown):
    instance.more = i
    del instance.x
    instance.x = "new"
print([vars(instance) for instance in grown[:2]], vars(Plain(1, 2)))


# The class changes between calls.
class Changing:
    def __init__(self, x, y):
        self.x = x
        self.y = y


def make(n=6):
    made = None
    for i in range(n):
        made = Changing(i, "y")
    return made


print(vars(make()))
Changing.x = 5
print(vars(make()), Changing.x)
Changing.x = property(lambda self: "got", lambda self, value: print("set", value) if value == 5 else None)
instance = make()
print(vars(instance), instance.x)
del Changing.x
print(vars(make()))
Changing.__setattr__ = lambda self, name, value: object.__setattr__(self, name + "_", value)
print(vars(make()))
del Changing.__setattr__
print(vars(make()))
Changing.__init__ = lambda self, x, y: None
print(vars(make()))


def init(self, x, y):
    self.x = y
    self.y = x


Changing.__init__ = init
print(vars(make()))
init.__code__ = (lambda self, x, y: setattr(self, "z", x)).__code__
print(vars(make()))


def later(self, x, y, /):
    self.later = x, y


def stores(self, x, y):
    self.q = x
    self.p = y


init.__code__ = stores.__code__
print(vars(make()))
init.__code__ = later.__code__
print(vars(make()))
init.__code__ = stores.__code__
Changing.__new__ = lambda cls, *args: object.__new__(Plain)
print(type(make()).__name__)
Changing.__new__ = lambda cls, *args: object.__new__(cls)
print(vars(make()))


# One attribute under two names.
class Alias:
    __slots__ = ("x",)

    def __init__(self, x, y):
        self.x = x
        self.y = y


Alias.y = Alias.x
for i in range(6):
    alias = Alias(i, i + 10)
print(alias.x, alias.y)


# Each name twice, and arguments that nobody stores.
class Twice:
    def __init__(self, x, unused):
        self.x = None
        self.x = x


for i in range(6):
    twice = Twice(i, Thing(f"unused{i}"))
print(vars(twice))


# Arguments that do not fit.
class Default:
    def __init__(self, x, y=9):
        self.x = x
        self.y = y


for i in range(6):
    print(vars(Default(i)), vars(Default(i, 1)), vars(Default(y=2, x=i)), vars(Default(*(i, 3)))) if i > 3 else Default(i, 2)
for args in (), (1,), (1, 2, 3):
    try:
        for _ in range(5):
            Plain(1, 2)
        Plain(*args) if len(args) != 1 else Plain(1)
    except TypeError as error:
        print(error)

# Who listens sees the frames.
seen = []


def tracer(frame, event, arg):
    if frame.f_code.co_name == "__init__":
        seen.append((event, frame.f_lineno - frame.f_code.co_firstlineno))
    return tracer


def traced():
    for i in range(5):
        Plain(i, i)
    sys.settrace(tracer)
    Plain(1, 2)
    sys.settrace(None)
    Plain(1, 2)


traced()
print(seen)
calls = []
sys.setprofile(lambda frame, event, arg: calls.append((event, frame.f_code.co_name)))
Plain(1, 2)
sys.setprofile(None)
print([call for call in calls if call[1] == "__init__"])


# As deep as frames go.
def deep(n):
    try:
        return deep(n + 1)
    except RecursionError:
        Plain(1, 2)
        return n


limit = sys.getrecursionlimit()
print(deep(0) > limit // 2)


# Collected as others are.
def cycles():
    for i in range(2000):
        plain = Plain(None, i)
        plain.x = plain
        slotted = Slotted(None, i)
        slotted.x = Slotted(slotted, i)
    return weakref.ref(slotted)


reference = cycles()
gc.collect()
print(reference())


# Made by classes that are gone.
def local(k):
    class Local:
        def __init__(self, a, b):
            self.a = a
            self.b = b

    return [Local(i, k) for i in range(6)][-1]


print([(local(k).a, local(k).b) for k in range(20)][-1])
