# Small functions that native code calls: keys of sorts, functions of map and filter, special methods behind len, hash and comparisons.
import functools
import sys
import traceback


class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __lt__(self, other):
        return self.x < other.x

    def __eq__(self, other):
        return self.x == other.x and self.y == other.y

    def __hash__(self):
        return self.x * 31 + self.y

    def __len__(self):
        return 2

    def __bool__(self):
        return self.x != 0 or self.y is not None

    def __repr__(self):
        return self.name


Point.name = "point"


class Slotted:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y


class Asked:
    def __getattr__(self, name):
        return ord(name)


class Counted:
    y = 7

    @property
    def x(self):
        return self.y * 2


def attempt(function, *args):
    try:
        return function(*args)
    except Exception as raised:
        where = [(frame.name, frame.line) for frame in traceback.extract_tb(raised.__traceback__)]
        return type(raised).__name__, str(raised), where[1:]


print("keys")
points = [Point(k * 7919 % 31, k) for k in range(40)]
print([p.y for p in sorted(points, key=lambda p: p.x)])
print([p.y for p in sorted(points)], [p.y for p in sorted(points, reverse=True)])
print(max(points, key=lambda p: p.y).x, min(points, key=lambda p: p.x - p.y).y)
pairs = [(k * 37 % 11, -k) for k in range(20)]
print(sorted(pairs, key=lambda pair: pair[1]), sorted(pairs, key=lambda pair: pair[-2]))
print(attempt(lambda: sorted(pairs, key=lambda pair: pair[2])))
print(attempt(lambda: sorted([*points, 3], key=lambda p: p.x)))
print(len(set(points + points)), Point(3, 4) in points, points.index(Point(points[9].x, 9)), len(points[0]))
print(list(map(bool, [Point(0, None), Point(0, 1), Point(1, None)])), list(map(repr, points[:2])))

print("numbers")
for values in [3, 4], [2.5, -1.5], [2**62, 2**61], [True, 2], ["a", "b"], [[1], [2]], [2**60, 2**59], [1e308, 1e308]:
    for step in (
        lambda a, b: a + b,
        lambda a, b: a - b,
        lambda a, b: a * b,
        lambda a, b: a < b,
        lambda a, b: a >= b,
        lambda a, b: a if a != b else b,
        lambda a, b: a if a > b else b,
    ):
        print(attempt(functools.reduce, step, values), end=" ")
    for step in (
        lambda a: a + 1,
        lambda a: a - 100,
        lambda a: a * 3,
        lambda a: "few" if a < 3 else "many",
        lambda a: a is None,
        lambda a: 1 if a else None,
        lambda a: a and 5,
        lambda a: a or 6,
        lambda a: "none" if a is None else a[0],
    ):
        print(attempt(lambda: list(map(step, values))), end=" ")
    print()

print("attributes of many kinds")
kinds = [Point(1, 2), Slotted(3, 4), Asked(), Counted(), Point("a", "b"), Slotted(2.5, None), 5]
for _ in range(3):
    for kind in kinds:
        print(attempt(lambda: list(map(lambda p: p.x, [kind]))), end=" ")
        print(attempt(lambda: list(map(lambda p: 0 if p.y is None else p.y, [kind]))))
x = lambda p: p.x
for kind in kinds[:4] * 3:
    print(list(map(x, [kind, kind])), end=" ")
print()
empty = Slotted(1, 2)
del empty.x
print(attempt(lambda: list(map(x, [empty]))))


def keep(p, value):
    p.x = value
    p.z = p.y
    return p.x


print(attempt(lambda: list(map(keep, [Point(1, k) for k in range(4)], "abcd"))))
print(attempt(lambda: list(map(keep, [Slotted(1, 2), Point(1, 2), Counted(), 4], "abcd"))))
print(attempt(lambda: list(map(keep, [Counted()], "a"))))

print("what dies is seen from the function that let it go")


class Dying:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("gone", self.name, "in", sys._getframe(1).f_code.co_name)


def overwrite(p, value):
    p.x = value
    p.x = value
    return value


for _ in range(3):
    list(map(overwrite, [Point(Dying("first"), 0), Slotted(Dying("second"), 0)], [1, 2]))

print("arguments that do not fit")
print(attempt(lambda: list(map(lambda a, b: a, [1]))))
print(attempt(lambda: list(map(lambda a, b=4: a + b, [1, 2]))))
print(attempt(lambda: list(map(lambda a, *rest: rest, [1], [2]))))
print(attempt(lambda: list(map(lambda a, *, k=3: k, [1]))))
print(attempt(lambda: [list(each) for each in map(lambda a: (yield a), [1, 2])]))


def outer(k):
    return list(map(lambda a: a + k, [1, 2]))


print(outer(5), attempt(outer, "x"))

print("who listens hears of each call")
heard = []


def listen(frame, event, arg):
    if frame.f_code.co_name in ("<lambda>", "__hash__", "__len__"):
        heard.append((event, frame.f_code.co_name, arg))
    return listen


first = lambda pair: pair[0]
for _ in range(2):
    list(map(first, [(1, 2)]))
sys.settrace(listen)
list(map(first, [(1, 2)]))
hash(Point(1, 2))
len(Point(1, 2))
sys.settrace(None)
print(heard)
heard.clear()
sys.setprofile(listen)
list(map(first, [(3, 4)]))
sys.setprofile(None)
print(heard)

events = []
sys.monitoring.use_tool_id(4, "leaves")
sys.monitoring.register_callback(4, sys.monitoring.events.PY_RETURN, lambda code, offset, value: events.append(value))
sys.monitoring.set_local_events(4, first.__code__, sys.monitoring.events.PY_RETURN)
list(map(first, [(5, 6), (7, 8)]))
sys.monitoring.set_local_events(4, first.__code__, 0)
list(map(first, [(9, 10)]))
sys.monitoring.free_tool_id(4)
print(events)

print("other code and other classes on the way")


def before(p):
    return p.x


def after(p):
    return -p.x


print(list(map(before, points[:3])))
before.__code__ = after.__code__
print(list(map(before, points[:3])))
Point.__hash__ = lambda self: 5
Point.__len__ = lambda self: self.x
print({hash(p) for p in points}, len(points[1]))
Point.__len__ = lambda self: -1
print(attempt(len, points[1]))
Point.__len__ = lambda self: "long"
print(attempt(len, points[1]))
Point.x = property(lambda self: 11)
print(set(map(lambda p: p.x, points)), attempt(lambda: list(map(keep, points, "abc"))))


class Odd:
    def __init__(self, x):
        self.x = x
        return x


print(attempt(lambda: list(map(Odd, [None, 1]))))
