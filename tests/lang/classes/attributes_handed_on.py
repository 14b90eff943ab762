"""Attributes that the next instruction uses up: sums, differences, comparisons, tests for None, attributes of attributes and methods of
attributes, with values and classes that change while a program runs."""


class Box:
    shared = 10

    def __init__(self, n):
        self.n = n
        self.m = 2 * n
        self.next = None

    def added(self, k):
        self.n += k
        return self.n

    def taken(self, k):
        self.n -= k
        self.m = k - self.m
        return self.n, self.m

    def counted(self):
        self.n += 1
        self.m -= 3
        self.n *= 2
        return self.n, self.m, self.n + 1, self.m - 1, self.n * 3

    def compared(self):
        return (
            "<" if self.n < 3 else "-",
            "<=" if self.n <= 3 else "-",
            "==" if self.n == 3 else "-",
            "!=" if self.n != 3 else "-",
            ">" if self.n > 3 else "-",
            ">=" if self.n >= 3 else "-",
            "not" if not self.n < 3 else "-",
        )

    def with_shared(self, k):
        return k + self.shared, self.shared - k, self.shared + 1, "many" if self.shared > 10 else "few"

    def length(self):
        count, box = 1, self
        while box.next is not None:
            box = box.next
            count += 1
        return count, "end" if self.next is None else "more"

    def second(self):
        return self.next.n, self.next.next.n

    def told(self, *args):
        return self.n, args


class Slotted:
    __slots__ = ("n", "m", "next")
    added, counted, compared, taken = Box.added, Box.counted, Box.compared, Box.taken

    def __init__(self, n):
        self.n = n
        self.m = 2 * n
        self.next = None


def attempt(f, *args):
    for _ in range(3):
        try:
            print(f.__qualname__, f(*args))
        except (TypeError, AttributeError, NameError) as e:
            print(f.__qualname__, type(e).__name__, e)


print("ints, floats, what does not fit")
for kind in Box, Slotted:
    for n in 1, 2.5, 2**61 - 2, -(2**61), 10**30, True, "ab", [1], 1e308, float("inf"), 3:
        box = kind(n)
        attempt(box.added, 1)
        attempt(box.added, 0.5)
        attempt(box.added, "c")
        attempt(box.added, [2])
        box = kind(n)
        attempt(box.taken, 4)
        attempt(box.taken, 0.25)
        box = kind(n)
        attempt(box.counted)
        box = kind(n)
        attempt(box.compared)

print("one instruction, values of all kinds")
for n in 3, 3.0, "3", 4, None, 2**62, 2, 3:
    attempt(Box(n).compared) if n is not None else None
    box = Box(0)
    box.n = n
    attempt(box.added, n)

print("the class's own")
box = Box(1)
attempt(box.with_shared, 3)
box.shared = 40
attempt(box.with_shared, 3)
attempt(Box(1).with_shared, 3)
Box.shared = 2.5
attempt(Box(1).with_shared, 3)
del box.shared
attempt(box.with_shared, 3)
Box.shared = property(lambda self: self.n + 5)
attempt(box.with_shared, 3)
Box.shared = 10

print("chains")
chain = None
for n in range(5):
    box = Box(n)
    box.next, chain = chain, box
attempt(chain.length)
attempt(chain.second)
attempt(Box(1).second)
attempt(Box(1).length)
Box(1).next = 4


def depth(box):
    return box.next.next.n + box.next.n


def called(box, k):
    return box.next.told(k), box.next.added(1), box.next.next.told()


attempt(depth, chain)
attempt(called, chain, "x")
chain.next.told = lambda *args: ("own", args)
attempt(called, chain, "y")
other = Box(1)
other.next = Slotted(7)
attempt(depth, other)
other.next.next = other
attempt(depth, other)
other.next = "text"
attempt(depth, other)
attempt(called, other, 1)


class Texts:
    def __init__(self):
        self.parts = []
        self.text = "a b"

    def grow(self):
        self.parts.append(self.text)
        return self.text.split(), len(self.parts), self.parts.copy()


texts = Texts()
attempt(texts.grow)
texts.text = "c"
attempt(texts.grow)
texts.parts = ()
attempt(texts.grow)

print("missing")
box = Box(1)
del box.n
attempt(box.added, 1)
attempt(box.compared)
slotted = Slotted(1)
del slotted.n
attempt(slotted.counted)
slotted.n = 5
attempt(slotted.counted)


class Hooked:
    def __getattr__(self, name):
        if name == "gone":
            raise AttributeError(name)
        return 7

    def added(self, k):
        return k + self.any, self.any - k, "yes" if self.any > 6 else "no", self.any is None, self.any + 1

    def none(self):
        return 1 if self.gone is None else 2


attempt(Hooked().added, 1)
attempt(Hooked().none)


class Described:
    @property
    def half(self):
        return self.n / 2

    @property
    def raised(self):
        raise ValueError("half")

    def used(self):
        self.n += self.half
        return self.half + self.n, "big" if self.half > 1 else "small", self.half is None

    def failed(self):
        try:
            return 1 + self.raised
        except ValueError as e:
            return e.__traceback__.tb_lineno - Described.failed.__code__.co_firstlineno


d = Described()
d.n = 1
attempt(d.used)
attempt(d.failed)

print("what is stored to")


class Dies:
    def __init__(self, name):
        self.name = name

    def __radd__(self, other):
        return 1

    def __add__(self, other):
        return 2

    def __del__(self):
        print("dies", self.name)


class Kept:
    def __init__(self):
        self.total = Dies("first")
        self.count = 1

    def step(self):
        self.total = self.count + self.count
        self.count = self.total - 1
        print(self.total, self.count)

    def mixed(self):
        self.total = self.total + self.count
        print(type(self.total).__name__)


kept = Kept()
for n in range(3):
    kept.step()
kept.total = Dies("second")
kept.step()
kept.total = Dies("third")
kept.mixed()
kept.mixed()


class Guarded(Kept):
    def __setattr__(self, name, value):
        print("set", name, type(value).__name__)
        object.__setattr__(self, name, value)


guarded = Guarded()
for n in range(2):
    guarded.step()
    Kept.step(kept)


class Counter:
    total = 0

    def add(self):
        self.total = self.total + 1
        return self.total


counters = [Counter() for n in range(4)]
print([counter.add() for counter in counters for n in range(3)], Counter.total)

print("not a number, signs")
import math

box = Box(float("nan"))
box.n = -box.n
print(math.copysign(1, box.n + 1.0), math.copysign(1, 1.0 - box.n) != 0)
box.n = -0.0
print(box.n + 0.0, box.n - 0.0, 0.0 - box.n, box.added(-0.0))
