# Iterator protocol of built-ins: iter, next, enumerate, zip, map, filter, reversed.
print(list(enumerate("ab")), list(enumerate("ab", 5)), list(enumerate([], start=3)), next(enumerate("x", 2**70)))
print(list(zip()), list(zip([1, 2])), list(zip([1, 2], "abc")), list(zip(*[(1, 2), (3, 4)])), list(zip("ab", "cd", strict=True)))
print(list(map(str, [1, 2])), list(map(lambda a, b: a + b, [1, 2], [10, 20, 30])), list(map(pow, [2, 3], [3, 2])), list(filter(None, [0, 1, "", "a"])), list(filter(lambda x: x > 1, [1, 2, 3])))
print(list(reversed([1, 2, 3])), list(reversed("ab")), list(reversed(range(3))), list(reversed((1, 2))))
for f in (lambda: list(zip("a", "bc", strict=True)), lambda: list(zip("ab", "c", strict=True)), lambda: list(zip("a", "b", "cd", strict=True)), lambda: zip(5), lambda: map(), lambda: map(str), lambda: list(map(5, [1])), lambda: enumerate(), lambda: enumerate([], "x"), lambda: filter(None), lambda: reversed({1}), lambda: reversed(5), lambda: next(iter([])), lambda: iter(5, 6), lambda: iter(5), lambda: sum("ab"), lambda: sum([[1]]), lambda: min(5), lambda: max()):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
it = iter([1, 2, 3])
print(iter(it) is it, next(it), list(it), next(it, "end"))
n = 0


def tick():
    global n
    n += 1
    return n


print(list(iter(tick, 4)), n)
z = zip([1, 2, 3], it2 := iter("ab"))
print(next(z), list(z), list(it2))
m = map(lambda x: 10 // x, [5, 0, 2])
print(next(m))
try:
    next(m)
except ZeroDivisionError as e:
    print(e)
print(next(m), list(m))
print(sum([1, 2], 10), sum([[1], [2]], []), sum(range(101)), sum([0.1] * 10), sum([True, True]), min(3, 1, 2), max("abc"), min([3, 1], key=lambda x: -x), max([], default=None), min("b", "a", key=ord), any([]), all([]), any([0, 1]), all([1, 0]))


class Stop:
    def __init__(self):
        self.n = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.n += 1
        if self.n == 3:
            raise StopIteration
        return self.n


s = Stop()
print(list(s), list(zip(s, range(2))), s.n)
print([(i, c) for i, c in enumerate("xyz") if i != 1], dict(enumerate("ab")), dict(zip("ab", map(ord, "ab"))), list(map(list, zip([1, 2], [3, 4]))))
e = enumerate("abc")
next(e)
print(list(e), type(e).__name__, type(iter([])).__name__, type(iter({})).__name__, type(iter("")).__name__, type(iter(range(0))).__name__, type(iter(tick, 0)).__name__, type(zip()).__name__, type(reversed([])).__name__)
