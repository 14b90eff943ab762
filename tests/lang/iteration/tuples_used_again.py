# Iterators give the tuple that they gave before again where nobody else has it, and never where somebody has.
import gc
import itertools


class Loud:
    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return self.name

    def __del__(self):
        print("gone", self.name)


def made(prefix, count):
    for i in range(count):
        yield Loud(f"{prefix}{i}")


def show(title, iterator):
    print("--", title)
    for group in iterator:
        print(group)
        del group
    print("end")


show("zip", zip(made("a", 3), made("b", 2), made("c", 3)))
show("zip of four", zip(made("a", 2), made("b", 2), made("c", 2), made("d", 1)))
show("zip_longest", itertools.zip_longest(made("a", 3), made("b", 1), made("c", 2), fillvalue="-"))
show("pairwise", itertools.pairwise(made("a", 4)))
show("strict", zip(made("a", 2), made("b", 2), made("c", 2), strict=True))

print([t for t in zip("abc", "def", "ghi")])
print(list(itertools.zip_longest("abcd", "de", "g")))
print(list(itertools.pairwise("abcd")), list(itertools.pairwise("a")), list(itertools.pairwise("")))

# Held now and then.
kept = []
for i, t in enumerate(itertools.product("ab", "cd", "ef")):
    if i % 3 == 1:
        kept.append(t)
    print("".join(t), end=" ")
print(kept)
kept = []
for i, t in enumerate(itertools.product(range(3), repeat=2)):
    if i in (2, 3, 4):
        kept.append(t)
    if i == 5:
        kept.clear()
    print(t, end=" ")
print(kept)
kept = []
for i, t in enumerate(zip(range(6), "abcdef", range(10, 16))):
    if i in (1, 2):
        kept.append(t)
    if i == 3:
        del kept[0]
    print(t, end=" ")
print(kept)
kept = []
for i, t in enumerate(itertools.zip_longest(range(5), "abc")):
    if i % 2:
        kept.append(t)
    print(t, end=" ")
print(kept)
for i, t in enumerate(itertools.pairwise(range(6))):
    if i == 2:
        kept.append(t)
    print(t, end=" ")
print(kept)


# An iterator that gets hold of the tuple while it is filled.
class Thief:
    def __init__(self):
        self.n = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.n += 1
        if self.n == 4:
            raise StopIteration
        if self.n == 3:
            stolen.extend(r for r in gc.get_referrers(marker) if type(r) is tuple and len(r) == 3)
        return self.n


class Marker:
    def __repr__(self):
        return "marker"


for kind in (zip, itertools.zip_longest):
    marker, stolen = Marker(), []
    for t in kind([marker] * 4, Thief(), "abcd"):
        print(t)
    print(all(type(t) is tuple for t in stolen))


# An exception in the middle.
def failing():
    yield 1
    yield 2
    raise ValueError("middle")


for kind in (zip, itertools.zip_longest):
    iterator = kind("abcd", failing(), "xyzw")
    try:
        for t in iterator:
            print(t)
    except ValueError as error:
        print("raised", error)
    print(list(iterator))

# Collections between the items: a tuple of plain values may be let go of by the collector and gets others then.
cycle = []
for i, t in enumerate(zip(itertools.chain([1, 2], [cycle, cycle]), itertools.repeat(0), itertools.repeat(1))):
    gc.collect()
    print(i, len(t))
    if i == 3:
        cycle.append(t)
        break
del t, cycle
print(gc.collect() >= 0)

# Counting by steps, over the edge of what fits into a word.
for start, step in ((3, 2), (5, -3), (2**60, 2**60), (2**61 - 3, 2), (-(2**61) + 3, -2), (2**62, 5), (0, 0), (True, 2), (1, True)):
    c = itertools.count(start, step)
    print(repr(c), list(itertools.islice(c, 4)), repr(c))
print(list(itertools.batched(range(40), 17)), list(itertools.batched("abc", 2)))


# Products, sums and the like of ints at the edge of what fits into a word.
import functools
import operator

for op in (operator.add, operator.sub, operator.mul, operator.and_, operator.or_, operator.xor):
    print(op.__name__, [op(x, y) for x in (2**61 - 1, -(2**61), 3, -1) for y in (1, -1, 2**40, 2**61 - 1, -(2**61))])
print(list(itertools.accumulate([2**60] * 5)), functools.reduce(operator.mul, range(1, 25)))
