"""Calls of classes whose instances `__new__` alone makes, and fields of named tuples read again and again."""
from collections import namedtuple


class Kept:
    def __new__(cls, *arguments, **names):
        made = super().__new__(cls)
        made.arguments = arguments, names
        return made


class Other(Kept):
    def __init__(self, *arguments, **names):
        print("init", arguments, names)


class Foreign:
    def __new__(cls, other):
        return other


class Gives(Kept):
    def __new__(cls):
        return Other.__new__(Other, "from Gives")


class Number(int):
    pass


for make in (lambda: Kept(1, a=2).arguments, lambda: Other(3).arguments, lambda: Foreign(5), lambda: Gives().arguments,
             lambda: Number(7), lambda: (bool([]), bool([0]), int(2.9), int("12"), float(2), float("1e3"), str(5), tuple([1, 2]), list("ab"), range(3)),
             lambda: object(1), lambda: int("x"), lambda: bool(1, 2), lambda: Foreign(), lambda: type(5), lambda: type(Number(1)), lambda: frozenset([3])):
    try:
        print(make())
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)

Point = namedtuple("Point", "x y")


class Shifted(Point):
    __slots__ = ()

    @property
    def x(self):
        return self[0] + 100


class Open(Point):
    """With a dict of its own."""


def fields(points):
    return [(point.x, point.y) for point in points]


points = [Point(1, 2), Shifted(3, 4), Open(5, 6), Point("a", "b")] * 3
print(fields(points))
for act in (lambda: setattr(points[0], "x", 1), lambda: setattr(points[2], "y", 1), lambda: delattr(points[0], "x"), lambda: Point.x.__get__(5), lambda: Point.x.__get__(())):
    try:
        print(act())
    except (AttributeError, TypeError, IndexError) as error:
        print(type(error).__name__, error)
points[2].__dict__["x"] = "hidden"
print(fields(points)[2], type(Point.x).__name__, Point.x.__doc__)
Point.y = property(lambda self: -self[1] if isinstance(self[1], int) else None)
print(fields(points))
Point.y = 17
print(fields(points)[:4])
a, b = points[0]
print(a, b, points[0]._replace(x=9)[:])

# Keys that end in a set's own order, and dicts stored into by keys of many kinds.
log = []


class Key:
    def __init__(self, number):
        self.number = number

    def __hash__(self):
        return self.number

    def __eq__(self, other):
        return isinstance(other, Key) and other.number == self.number or other == self.number

    def __del__(self):
        log.append(self.number)


keys = {Key(n) for n in (9, 2, 30, 1)}
keys.discard(30)
del keys
print(sorted(log))
table = {}
for n in range(12):
    table[n] = n
    table[float(n)] = n + 0.5
    table[Key(n)] = table[n] * 2
print(table[3], table[3.0], table[Key(3)], table[True], len(table), list(table)[:4])
try:
    table[99]
except KeyError as error:
    print(error)
try:
    table[[]] = 1
except TypeError as error:
    print(error)
mixed = {Key(5): "key"}
print(mixed[5], 5 in mixed, 6 in mixed)
