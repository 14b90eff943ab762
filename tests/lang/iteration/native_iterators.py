"""Loops over iterators of builtin classes and of classes derived from them: every way for them to end."""
import itertools
from itertools import accumulate, chain, count, cycle, groupby, islice, pairwise, product, repeat, starmap, takewhile, tee


def stops(x):
    if x == 2:
        raise StopIteration("early")
    return x


def fails(x):
    if x == 2:
        raise LookupError(x)
    return x


for made in (lambda f: map(f, range(5)), lambda f: filter(f, [1, 3, 2, 4]), lambda f: starmap(f, [(0,), (2,), (3,)]),
             lambda f: takewhile(f, [1, 1, 2, 3]), lambda f: chain([1], map(f, [2, 3]), [4])):
    for f in (stops, fails):
        got = []
        try:
            for x in made(f):
                got.append(x)
            else:
                got.append("else")
        except LookupError as e:
            got.append(repr(e))
        print(got)


class Doubled(chain):
    def __next__(self):
        return super().__next__() * 2


class Plain(chain):
    pass


print([x for x in Doubled([1], [2])], [x for x in Plain([1], [2])])
for x in Doubled([5], (6,)):
    print(x, end=" ")
Doubled.__next__ = lambda self: chain.__next__(self) + 1
for x in Doubled([5], (6,)):
    print(x, end=" ")
del Doubled.__next__
for x in Doubled([5], (6,)):
    print(x, end=" ")
print()

l = [1, 2, 3]
c = chain(l, l)
for x in c:
    print(x, end=" ")
    if len(l) < 6:
        l.append(x * 10)
print()
l = [1, 2, 3]
c = chain(l, [7])
for x in c:
    l.clear()
    print(x, end=" ")
print(list(c))

c = chain(iter([1, 2]), range(2**62, 2**62 + 2), "ab", (None,), {3: 4})
print(list(islice(c, 3)), next(c), [x for x in c], list(c))
for x in chain(range(2**70, 2**70 + 2)):
    print(x)
it = iter([1, 2, 3])
for a in it:
    print(a, next(it, None))
for x in reversed([1, 2]):
    print(x)
for i, x in enumerate(reversed("ab")):
    print(i, x)
for i in enumerate(zip([1], [2])):
    print(i)


class Again:
    """An iterator that asks the one it stands in."""

    def __iter__(self):
        return self

    def __next__(self):
        return next(outer, "end")


outer = chain([1], Again())
print(list(islice(outer, 1)))
try:
    print(next(outer))
except RecursionError as e:
    print("recursion")


class Dies:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("gone", self.name)


for x in chain([Dies("a")], [Dies("b")]):
    print(x.name)
print("x still", x.name)
del x
a, b = tee([Dies("c"), Dies("d")])
for x in a:
    print(x.name)
del a, x
print(next(b).name)
del b
for k, g in groupby([1, 1, 2]):
    print(k, [x for x in g])
for p in product("ab", repeat=2):
    print(p, end=" ")
for p in pairwise(range(3)):
    print(p, end=" ")
for p in accumulate([1, 2, 3]):
    print(p, end=" ")
for p in zip(count(), repeat(1, 2), cycle("x")):
    print(p, end=" ")
print()
try:
    for x in chain([1], 5):
        print(x)
except TypeError as e:
    print(e)
try:
    for x in map(int, ["1", "x"]):
        print(x)
except ValueError as e:
    print(e, e.__traceback__.tb_next)
print((1, *[2, 3], *(), *"ab"), (*[],), (*range(3), 4), [*(1, 2)])
