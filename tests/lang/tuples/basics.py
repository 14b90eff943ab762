# Tuples.
t = (1, "a", 2.5)
print(t, (), (1,), t[0], t[-1], t[1:], t[::-1], len(t), "a" in t, t.index("a"), t.count(1))
print((1, 2) + (3,), (0,) * 3, 2 * (1, 2), (1, 2) == (1, 2), (1, 2) < (1, 3), (1,) < (1, 0), () < (0,), (1, 2) != (1, 2.0))
a, b, c = t
print(a, b, c)
x, y = y, x = 1, 2
print(x, y)
print(hash((1, 2)) == hash((1, 2)), hash(()) == hash(()), {(1, 2): "v"}[(1, 2)], (1, (2, (3,)))[1][1][0])
print(tuple([1, 2]), tuple("ab"), tuple(range(3)), tuple(), tuple({1: 2}), (*range(3), *"x"))
for f in (lambda: t[5], lambda: t.index(99), lambda: t + [1], lambda: hash(([],)), lambda: (1, 2) < (1, "a"), lambda: t * "a", lambda: t["a"], lambda: tuple(5)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
try:
    t[0] = 5
except TypeError as e:
    print(e)
try:
    del t[0]
except TypeError as e:
    print(e)
t = ([],)
try:
    t[0] += [1]
except TypeError as e:
    print(e, t)
t = (1, [2])
t[1].append(3)
print(t)
print(repr((1,)), str(((),)), (lambda *a: a)(1, 2), t is not None)


class Pair(tuple):
    def __new__(cls, a, b):
        return super().__new__(cls, (a, b))

    @property
    def first(self):
        return self[0]


p = Pair(1, 2)
print(p, p.first, p == (1, 2), isinstance(p, tuple), type(p + (3,)).__name__, type(p[:]).__name__, len(p), hash(p) == hash((1, 2)))
