"""Generators whose items native code takes: sum, list, tuple, all, any, join and the like, and what interrupts them."""
import gc
import sys


class Number:
    def __init__(self, n):
        self.n = n

    def __add__(self, other):
        return Number(self.n + (other.n if isinstance(other, Number) else other))

    def __radd__(self, other):
        # The generator has been suspended by now.
        print("  radd", other, "running" if source.gi_running else "suspended", sys._getframe(1).f_code.co_name)
        return Number(other + self.n)

    def __bool__(self):
        print("  bool of", self.n, source.gi_running)
        return self.n != 3


def count(n):
    for i in range(n):
        yield i


print(sum(count(10)), sum(x * x for x in range(10)), sum((x / 4 for x in range(9)), 0.5), sum(count(0)), sum(count(3), 10))
print(sum(x for x in [1, 2, 2.5, 3, True, 4j, 1]))
print(sum(x for x in [2**61, 2**61, 2**61, 2**70, 1]), sum(x for x in [-2**61, -2**61, -2**61, 5]))
print(list(count(40)), tuple(count(5)), [*count(3), *count(2)], (*count(3),))
print("".join(str(i) for i in range(12)), sorted(-i for i in range(5)), set(count(4)), dict((i, -i) for i in range(3)))
print(min(x for x in [3, 1, 2]), max(x for x in [3, 1, 2]), max((len(w) for w in ["a", "bcd"]), default=0))
print(all(x < 5 for x in range(5)), all(x < 4 for x in range(5)), any(x > 4 for x in range(5)), any(x == 2 for x in range(5)))
print(all(x for x in [1, True, 2]), all(x for x in [1, None]), any(x for x in [0, None, False]), all(count(0)), any(count(0)))
print(all(x for x in ["a", [1], 1.5]), all(x for x in ["a", []]), any(x for x in ["", 0.0, ()]), any(x for x in ["", "x"]))

source = (Number(i) if i > 1 else i for i in range(4))
print(sum(source).n)
source = (Number(i) for i in range(2, 6))
print(all(source), next(source).n, list(item.n for item in source))

# What is left when a function stops early.
g = count(6)
print(any(x == 2 for x in g), next(g), list(g), list(g))


def chain(depth):
    if depth:
        yield from chain(depth - 1)
    yield depth
    if depth:
        got = yield from count(depth)
        yield got


print(list(chain(4)), sum(x or 0 for x in chain(4)), sum(x for x in chain(0)))


class Tree:
    def __init__(self, key, left=None, right=None):
        self.key, self.left, self.right = key, left, right

    def __iter__(self):
        if self.left:
            yield from self.left
        yield self.key
        if self.right:
            yield from self.right


def build(low, high):
    middle = (low + high) // 2
    return Tree(middle, build(low, middle), build(middle + 1, high)) if low < high else None


tree = build(0, 50)
print(sum(tree), list(tree) == list(range(50)), all(k >= 0 for k in tree), any(k > 30 for k in tree))


def mixed():
    yield from [1, 2]
    yield from count(2)
    yield from iter("ab")
    yield from (yield from chain(1)) or ()
    yield from Tree(7, Tree(6), Tree(8))


print(list(mixed()))


# Exceptions in the middle, finally blocks, and what a generator returns.
def failing(n):
    try:
        for i in range(n):
            yield i
        raise LookupError(n)
    finally:
        print("  finally", n)


for take in list, sum, tuple, all, sorted, set, lambda g: [*g], lambda g: any(x < 0 for x in g):
    try:
        take(failing(3))
    except LookupError as error:
        print(type(error).__name__, error, error.__traceback__.tb_next.tb_frame.f_code.co_name)


def outer(n):
    try:
        yield from failing(n)
    except LookupError as error:
        yield repr(error)
    return 5


print(list(outer(2)))


def returns():
    yield 1
    return 2


def stops():
    yield 1
    raise StopIteration(3)


print(list(returns()), sum(returns()))
try:
    list(stops())
except RuntimeError as error:
    print(error, repr(error.__cause__))


# A generator that reaches for itself while it is being taken.
def selfish():
    yield 1
    try:
        next(me)
    except ValueError as error:
        print(" ", error)
    print("  running", me.gi_running, me.gi_frame.f_lineno > 0, me.gi_yieldfrom)
    yield 2


me = selfish()
print(list(me))
me = selfish()
print(sum(me))


# Generators that are taken while others are.
def nested(depth):
    for i in range(3):
        yield sum(nested(depth - 1)) if depth else i


print(list(nested(3)))


def steps():
    inner = count(5)
    yield next(inner)
    for x in inner:
        yield x
        yield sum(inner)


print(list(steps()))

# What is handled where.
def handling():
    try:
        raise KeyError("k")
    except KeyError:
        for i in range(3):
            print("  handles", repr(sys.exception()))
            yield i
    yield repr(sys.exception())


try:
    raise OSError("outer")
except OSError:
    print(list(handling()), repr(sys.exception()))

# Deaths: values die when they are used, the generator at the end.
class Loud:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("  del", self.n, loud.gi_running if loud else None)


def louds():
    for i in range(3):
        yield Loud(i)
    print("  end")


loud = louds()
print(all(loud))
loud = louds()
print(len(list(loud)))
loud = None


class Tracking(list):
    def append(self, item):
        print("  append is not asked")


t = Tracking()
t.extend(count(3))
print(t)
t += count(2)
print(t)

# The list that is extended is looked at meanwhile.
seen = []


def looking():
    for i in range(12):
        seen.append(len(target))
        yield i
        if i == 5:
            target.clear()
        if i == 8:
            target.append("x")


target = []
target.extend(looking())
print(target, seen)


# Tracing begins and ends in the middle.
def traced():
    yield 1
    sys.settrace(lambda frame, event, arg: events.append(event) or None)
    yield 2
    yield 3
    sys.settrace(None)
    yield 4


events = []
print(list(traced()))
print(set(events))

# Coroutines by `yield from`.
import types


@types.coroutine
def pause(n):
    for i in range(n):
        yield i


async def waits(n):
    await pause(n)
    await pause(1)
    return n


@types.coroutine
def through(n):
    result = yield from waits(n)
    yield result * 10


print(list(through(3)), sum(through(4)))


async def items():
    for i in range(3):
        yield i
        await pause(2)


async def gathers():
    return [i async for i in items()]


@types.coroutine
def around():
    yield (yield from gathers())


print(list(around()))

# A collection in the middle.
def collects():
    for i in range(5):
        gc.collect()
        yield [i]


print(list(collects()), sum(len(x) for x in collects()))


def recursive(n):
    yield n
    yield from recursive(n + 1)


try:
    list(recursive(0))
except RecursionError as error:
    print(type(error).__name__)
try:
    sum(x for x in recursive(0))
except RecursionError as error:
    print(type(error).__name__)
print(sum(1 for _ in chain(100)))


# Thrown into, closed, and resumed by hand after native code has had some.
def talks():
    for i in range(10):
        try:
            got = yield i
            if got is not None:
                print("  got", got)
        except KeyError as error:
            print("  caught", error)


g = talks()
print(any(x == 3 for x in g), g.send("hello"), g.throw(KeyError("thrown")), sum(g))
def around_talks():
    yield from g


g = talks()
h = around_talks()
print(any(x == 3 for x in h), h.send("hello"), h.throw(KeyError("thrown")), sum(h))


# What a generator expression goes over is its own.
def over(iterator):
    return (x for x in iterator)


numbers = [1, 2, 3, 4]
shared = iter(numbers)
first, second = over(shared), over(shared)
print(next(first), next(second), next(shared), list(first), list(second), list(shared))
own = over(numbers)
print(next(own), numbers.append(5), list(own), numbers.append(6), list(own))
ranged = iter(range(3, 20, 4))
print(next(ranged), list(x for x in ranged), list(ranged), list(x for x in range(5, 0, -2)), list(x for x in range(0)))
backwards, big = iter(range(2**70, 2**70 + 2)), iter(range(2**61 - 1, 2**61 + 2))
print(list(x - 2**70 for x in backwards), list(x - 2**61 for x in big))
shrinking = [1, 2, 3, 4, 5]
for x in (shrinking.pop() for x in shrinking):
    print(x, end=" ")
print(shrinking)


class Item:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("gone", self.n)


for n in (item.n for item in [Item(1), Item(2)]):
    print("got", n)
taken = (item.n for item in [Item(3), Item(4)])
print(next(taken))
del taken
wide = ([a, b, c, d, e, f, g, h, i, j] for a, b, c, d, e, f, g, h, i, j in [range(10), range(10, 20)] for _ in range(2))
print(list(wide))


def many(a, b, c, d, e, f, g, h, i):
    for j in range(3):
        yield a + b + c + d + e + f + g + h + i + ((yield j) or 0)
        yield from (x + a for x in range(2))


walked = many(*range(9))
print([next(walked), walked.send(5), *[next(walked) for _ in range(4)]])
