"""What members of enumerations rest on: calls through metaclasses, defaults of keywords, `bool()`, comparisons left to object, long hashes."""
import traceback


def report(f, *args, **kw):
    try:
        print(f(*args, **kw))
    except Exception as e:
        print(type(e).__name__, e)


# Calls of classes whose metaclass has a __call__.
class Meta(type):
    def __call__(cls, value, names=0, *values, module=None, qualname="q", start=1):
        return cls.__name__, value, names, values, module, qualname, start


class A(metaclass=Meta):
    pass


def call(x):
    return A(x)


print(call(1), A(1, 2), A(1, 2, 3, 4), A(1, start=5), A(1, 2, 3, qualname=None))
report(lambda: A())
report(lambda: A(1, other=2))
defaults = Meta.__call__.__kwdefaults__
Meta.__call__.__kwdefaults__ = {"start": "s", "qualname": "r", "module": "m"}
print(call(2))
Meta.__call__.__kwdefaults__ = {"module": "m", "start": "s"}
report(call, 3)
report(lambda: A(3, qualname=7))
Meta.__call__.__kwdefaults__ = None
report(call, 4)
Meta.__call__.__kwdefaults__ = dict(defaults, more=1)
print(call(5))
Meta.__call__ = lambda cls, *a, **kw: (a, kw)
print(call(6), A(*range(3), k=1))
del Meta.__call__
report(call, 7)
print(type(A()).__name__)
Meta.__call__ = len
report(call, 8)


def rest(a, *args, k=1):
    args += (a,)
    return args, k


print(rest(1), rest(2), rest(3, 4))


# bool() of what has a __bool__ written in Python.
class Truth:
    def __init__(self, answer):
        self.answer = answer

    def __bool__(self):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def truths(*answers):
    for answer in answers:
        report(lambda: [0, bool(Truth(answer)), 2])


truths(True, False, 1, None, ValueError("no"), KeyError("k"))


class Nested(Truth):
    def __bool__(self):
        return bool(self.answer)


print(bool(Nested(Nested(Truth(True)))), bool(Nested([])), bool(Nested(Nested(0))))
report(lambda: bool(Nested(Truth(3))))
print(sum(bool(Truth(i % 2 == 0)) for i in range(10)))


class Generator:
    def __bool__(self):
        yield True


try:
    bool(Generator())
except TypeError as e:
    print(e)


class Length:
    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n


print(bool(Length(0)), bool(Length(2)))
report(lambda: bool(Length(-1)))
report(lambda: bool(Length("x")))
print(bool(object()), bool(A), bool(print))
Length.__bool__ = lambda self: self.n == 0
print(bool(Length(0)), bool(Length(2)))
report(lambda: bool(1, 2))
report(lambda: bool(x=1))


class Deep:
    def __bool__(self):
        return bool(Deep())


try:
    bool(Deep())
except RecursionError as e:
    print("RecursionError")

try:
    [bool(Truth(True)), bool(Truth(ValueError("seen")))]
except ValueError as e:
    print([line.name for line in traceback.extract_tb(e.__traceback__)])


# Comparisons that the classes leave to object.
class Plain:
    pass


class Other(Plain):
    pass


a, b, c = Plain(), Plain(), Other()


def compare(x, y):
    return x == y, x != y, "eq" if x == y else "ne", "ne" if x != y else "eq"


print(compare(a, a), compare(a, b), compare(a, c), compare(c, a), compare(a, object()))
print([a, b, c].index(c), [a, b].count(b), c in [a, b], (a, b) == (a, b), [a] == [b])
report(lambda: a < b)
Other.__eq__ = lambda self, other: print("asked") or True
print(compare(a, c))
print([a, b].index(c))
del Other.__eq__
print(compare(a, c))
Other.__ne__ = lambda self, other: "different"
print(compare(a, c), a != c, a != b)
Plain.__eq__ = lambda self, other: NotImplemented
print(compare(a, b), compare(a, a))


def match(x):
    match x:
        case Space.one:
            return 1
        case Space.two:
            return 2
    return 0


class Space:
    one = object()
    two = object()


print(match(Space.one), match(Space.two), match(object()), match(None))


# Hashes of all lengths.
class Key:
    def __init__(self, h):
        self.h = h

    def __hash__(self):
        return self.h

    def __eq__(self, other):
        return self.h == other.h


class Long(int):
    pass


for h in (0, -1, -2, 1 << 61, -(1 << 61) - 1, (1 << 62) + 3, (1 << 63) - 1, -(1 << 63), 1 << 63, -(1 << 64), 1 << 200, True,
          Long(5), Long(1 << 62), Long(-1), Long(1 << 70)):
    d = {Key(h): "found"}
    print(hash(Key(h)), d[Key(h)], Key(h) in d, Key(h) in {Key(h)}, end="; ")
print()
report(lambda: {}[Key("x")])
report(lambda: hash(Key(1.5)))
print(hash("word") == hash("".join(["wo", "rd"])), (1 << 62) + 3 == hash(Key((1 << 62) + 3)))


# Attributes of classes that store none in methods of their own, below one that does.
class Base:
    def __init__(self):
        self.x = 1

    def set(self):
        self.y = 2


class Below(Base):
    pass


class Further(Below):
    def more(self):
        self.z = 3


def fill(o, n):
    for i in range(n):
        setattr(o, f"a{i}", i)
    return list(vars(o).items())


for cls in (Further, Below, Base):
    print([len(fill(cls(), n)) for n in (0, 3, 9, 1, 4)], fill(cls(), 2))
