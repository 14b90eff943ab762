"""Lists, sets and tuples of plain items: where an operation does not ask the items' classes, and where it has to."""
import heapq
import math
import bisect


class Odd:
    """Equal to 3, and hashes like it."""

    def __eq__(self, other):
        return other == 3

    def __hash__(self):
        return hash(3)


class Dying:
    def __init__(self, act):
        self.act = act

    def __del__(self):
        self.act()


# Slices with steps, and slice assignment that shrinks, grows, keeps; from itself; from what changes the list.
items = list(range(12))
print(items[3::-1], items[::-1][:3], items[10:2:-3], items[-1:-4:-1], items[::5], items[20:], items[5:2], items[:: 2**70], items[:: -(2**70)])
for part in (slice(2, 5), slice(5, 2), slice(None, None, 2), slice(-3, None), slice(20, 30), slice(None, -20, -1)):
    for values in ([], [1], [1, 2, 3], list(range(6)), (7, 8, 9), range(3)):
        copy = items[:]
        try:
            copy[part] = values
            print(part, values, copy)
        except ValueError as error:
            print(part, values, error)
same = [1, 2, 3]
same[1:2] = same
print(same)
same[:] = same[::-1]
print(same)
log = []
held = [Dying(lambda: log.append(len(held))), 1, 2, Dying(lambda: log.append(held[:2]))]
held[:] = [5]
print(held, log)
held = [Dying(lambda: held.clear()), 1, 2]
held[0:1] = [7, 8, 9]
print(held)
other = [Dying(lambda: other.append(1))]
target = [Dying(lambda: other.clear()), 2]
target[:] = other
print(len(target), other)
target = other = None


class Shrinks:
    def __init__(self, victim):
        self.victim = victim

    def __iter__(self):
        del self.victim[2:]
        return iter("xyz")


victim = list(range(8))
victim[4:6] = Shrinks(victim)
print(victim)

# Membership.
odd = Odd()
for container in ([1, 2, "a"], (1, 2, "a"), {1, 2, "a"}, frozenset([1, 2, "a"]), {1: 0, "a": 1}, range(1, 9, 3)):
    print([wanted in container for wanted in (1, 3, 4, -5, "a", "b", True, 1.0, 2.0, None)])
for container in ([1, odd], (odd, "a"), {odd}, {odd: 1}, ["a", odd, 3.0]):
    print([wanted in container for wanted in (3, 3.0, 4, "a")])
print([x in range(10, 0, -3) for x in (10, 7, 4, 1, 0, -2, 13)], 2**80 in range(2**81), 5 in range(0))
print([1, 2, 3.0, 3].index(3), [1, True, 2].index(2), [True, 1].index(1), [1, 2, 3, 2].index(2, 2), [5, 6].count(6))
try:
    [1, 2, 3].index(4)
except ValueError as error:
    print(error)
nan = math.nan
print(nan in [nan], nan in (1, nan), float("nan") in [None], [nan] == [nan], (nan, 1) < (nan, 2))

# Sets with deleted places, and keys that hash alike.
table = set()
for i in range(200):
    table.add(i * 8)
    if i % 3 == 0:
        table.discard(i * 4)
    if i % 7 == 0:
        table.add(odd)
        table.remove(3)
print(len(table), sorted(table)[:12], sum(table))
alike = {2**61 - 1 + n for n in range(5)} | set(range(5)) | {-1, -2, float(2), True}
print(len(alike), sorted(alike)[:8])
left, right = set(range(0, 60, 2)), set(range(0, 60, 3))
print(sorted(left & right), sorted(left - right)[:6], len(left | right), len(left ^ right), left == right)
emptied = set(range(30))
for i in range(30):
    emptied.remove(i)
emptied.add("x")
print(emptied, {*()} == set(), {x % 5 for x in range(50)})
try:
    {[]}
except TypeError as error:
    print(error)

# Ints with floats.
for a, b in ((3, 2.5), (-7, 2.0), (7.5, -2), (2**53 + 1, 2.0**53), (0, 0.0), (2, nan), (math.inf, 3), (True, 1.5), (2**60, 1e300)):
    print(a < b, a <= b, a == b, a != b, a > b, a >= b, [1 if a < b else 0], a * b, a - b)
    for sign in ("//", "%", "**", "/"):
        try:
            print(sign, eval(f"a {sign} b"), end=" ")
        except (ZeroDivisionError, OverflowError) as error:
            print(sign, type(error).__name__, end=" ")
    print()
x = 7.5
print(x // 2, x % 2, x ** 2, x / 3, x // 2.5, -x // 2, -x % 2, x ** -1, (-x) ** 2, 4 ** 0.5, 2 ** 10, 2 ** -1, 3 ** 39, 3 ** 40, (-3) ** 3, 0 ** 0, 7 / 2, 1 / 3)

# Comparisons of tuples and lists.
rows = [(1, "b"), (1, "a", 0), (1.0, "a"), (0, "z"), (1,), (), (True, "a")]
print(sorted(rows), max(rows), min(rows))
print(sorted([[2, 1], [1, 2], [1], [1, 1.5]]), (1, 2) == (1, 2.0), (1, "a") < (1, "b"), (1, 2) < (1,), [1, 2] <= [1, 2])
for pair in (((1, "a"), (1, 2)), ((None,), (1,)), ([1, None], [1, 2])):
    try:
        print(pair[0] < pair[1])
    except TypeError as error:
        print(error)
print(sorted([3, 1, 2], key=None), sorted("bca", key=lambda x: -ord(x)), sorted([1, 2, 3], reverse=True), sorted([2, 1], key=str, reverse=1))
for arguments in ({"key": 1}, {"cmp": 1}, {"key": None, "other": 2}):
    try:
        print(sorted([2, 1], **arguments))
    except TypeError as error:
        print(error)

# Builtins over iterables that change or end oddly.
growing = [1, 2]


class Grows:
    def __bool__(self):
        growing.append(0)
        return len(growing) > 6


growing[:] = [Grows()] * 3
print(any(growing), len(growing))
print(sum([1, 2.5, True]), sum((1.5, 2)), sum(range(10, 0, -2)), sum([[1], [2]], []), sum(x for x in (1, 2)), sum({1: 2, 3: 4}))
print(max([3, 1.5, 3]), min("hello"), max(1, 2.5), min(2, 2.0), max(2.0, 2), max([], default=7), max("ab", "b", key=len), min(3, 1, 2))
for call in (lambda: max([]), lambda: max(1, "a"), lambda: min(), lambda: sum(["a"]), lambda: any(5), lambda: max(1, 2, default=3)):
    try:
        print(call())
    except (TypeError, ValueError) as error:
        print(error)


def ends():
    yield 1
    raise RuntimeError("stopped")


class Stops:
    def __init__(self):
        self.n = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.n += 1
        if self.n > 3:
            raise StopIteration("no more")
        return self.n


for taker in (list, tuple, set, sum, all, sorted):
    try:
        print(taker(ends()))
    except RuntimeError as error:
        print(error)
    print(taker(Stops()))
numbers = {n: n for n in range(4)}
print(list(numbers), [*numbers, *numbers.values()], tuple(numbers.items()), list(enumerate("ab", 5)), list(zip("ab", range(9))), list(map(abs, [-1, 2])))

# Rounding.
print(round(2.5), round(3.5), round(-0.4), round(1e300) == int(1e300), round(7), math.floor(-2.5), math.ceil(-2.5), math.floor(1e18), math.ceil(5))
for value in (nan, math.inf):
    for function in (round, math.floor, math.ceil):
        try:
            function(value)
        except (ValueError, OverflowError) as error:
            print(error)

# Unpacking.
first, *rest = [1, 2, 3]
*init, last = [1, 2, 3]
print(first, rest, init, last)
a, *b, c = (1, 2)
print(a, b, c)
one, *none = ["x"]
print(one, none)
rest = [1, 2]
*rest, tail = rest
print(rest, tail)
for shape in ("a, *b = []", "a, *b, c = [1]", "a, *b = 5", "a, b = (1, 2, 3)"):
    try:
        exec(shape)
    except (ValueError, TypeError) as error:
        print(error)


class Pair(tuple):
    pass


class Backwards(tuple):
    def __iter__(self):
        return reversed(list(tuple.__iter__(self)))


a, b = Pair((1, 2))
c, d = Backwards((1, 2))
print(a, b, c, d, [*Pair((3, 4)), *Backwards((5, 6))], (*range(3), *"ab"))

# Heaps and bisection.
heap = []
for n in (5, 3, 8, 1, 9.5, 2, True):
    heapq.heappush(heap, n)
print([heapq.heappop(heap) for _ in range(len(heap))])
pairs = [(n % 3, str(n)) for n in range(9)]
heapq.heapify(pairs)
print([heapq.heappop(pairs) for _ in range(9)])


class Meddles:
    def __lt__(self, other):
        meddled.clear()
        return True


meddled = [Meddles() for _ in range(4)]
for call in (lambda: heapq.heappush(meddled, Meddles()), lambda: heapq.heapify(meddled)):
    try:
        call()
    except RuntimeError as error:
        print(error)
    meddled = [Meddles() for _ in range(4)]
sorted_items = []
for n in (5, 1, 3, 3.0, 9):
    bisect.insort(sorted_items, n)
print(sorted_items, bisect.bisect_left(sorted_items, 3), bisect.bisect(sorted_items, 3))
