# User-defined sequences, mappings, iterators, slicing, membership, length, reversed, unpacking.
class Seq:
    def __init__(self, *items):
        self.items = items

    def __getitem__(self, i):
        print(f"[{i}]", end=" ")
        return self.items[i]


s = Seq("a", "b", "c")
print(list(s), "b" in s, "z" in s, s[1:], s[-1])
a, *b = s
print(a, b, dict(enumerate(s)), list(zip(s, s)))
try:
    len(s)
except TypeError as e:
    print(e)
try:
    reversed(s)
except TypeError as e:
    print(e)


class Sized(Seq):
    def __len__(self):
        return len(self.items)


print(list(reversed(Sized(1, 2, 3))), bool(Sized()), bool(Sized(0)), len(Sized(1, 2)))


class Iter:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.n == 0:
            raise StopIteration
        self.n -= 1
        return self.n

    def __length_hint__(self):
        return self.n


print(list(Iter(3)), sum(Iter(4)), 2 in Iter(5), max(Iter(3)), tuple(Iter(2)), sorted(Iter(3)), [*Iter(2)], set(Iter(2)) == {0, 1})


class BadIter:
    def __iter__(self):
        return 5


class NoneIter(Seq):
    __iter__ = None
    __contains__ = None


for f in (lambda: list(BadIter()), lambda: iter(NoneIter()), lambda: 1 in NoneIter(), lambda: 1 in 5, lambda: 1 in object(), lambda: iter(5), lambda: [*5], lambda: next([])):
    try:
        f()
    except TypeError as e:
        print(e)


class Map:
    def __init__(self):
        self.d = {}

    def __setitem__(self, k, v):
        print("set", k)
        self.d[k] = v

    def __getitem__(self, k):
        return self.d[k]

    def __delitem__(self, k):
        print("del", k)
        del self.d[k]

    def __contains__(self, k):
        return k in self.d

    def __iter__(self):
        return iter(self.d)


m = Map()
m["a"] = 1
m["a"] += 5
m[1, 2] = 3
del m[1, 2]
print(m["a"], "a" in m, list(m))
m[...] = m[...:1] = 7 if False else 8
try:
    m["zz"]
except KeyError as e:
    print("KeyError", e)


class Matrix:
    def __init__(self, rows): self.rows = rows
    def __getitem__(self, ij): return self.rows[ij[0]][ij[1]]
    def __matmul__(self, o): return Matrix([[sum(a * b for a, b in zip(r, c)) for c in zip(*o.rows)] for r in self.rows])


x = Matrix([[1, 2], [3, 4]])
print((x @ x).rows, x[1, 0])
