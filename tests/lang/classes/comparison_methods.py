# Rich comparison: reflection, NotImplemented, defaults, hash rules.
class N:
    def __init__(self, n): self.n = n

    def __lt__(self, other):
        print("lt", self.n)
        return self.n < other.n if isinstance(other, N) else NotImplemented

    def __eq__(self, other):
        print("eq", self.n)
        return self.n == other.n if isinstance(other, N) else NotImplemented


a, b = N(1), N(2)
print(a < b, a > b, a == b, a != b)
for f in (lambda: a <= b, lambda: a < 5, lambda: 5 > a, lambda: hash(a)):
    try:
        print(f())
    except TypeError as e:
        print(e)
print(a == 5, 5 == a, a != 5)


class Sub(N):
    def __eq__(self, other):
        print("sub eq")
        return True

    __hash__ = N.__hash__


print(a == Sub(9), Sub(9) == a, Sub.__hash__)


class Weird:
    def __eq__(self, other): return "not a bool"
    def __ne__(self, other): return []
    def __lt__(self, other): return {}
    def __hash__(self): return 5


w = Weird()
print(w == 1, w != 1, w < 1, 1 > w, [w] == [1], w in [1], 1 in [w], (w,) != (1,), [1, 2].count(w))


class BadBool:
    def __bool__(self): return 5


class BadLen:
    def __len__(self): return -1


class BadHash:
    def __hash__(self): return "x"


class BadIndex:
    def __index__(self): return 1.5


class BadStr:
    def __str__(self): return 5
    __repr__ = __str__


for f in (lambda: bool(BadBool()), lambda: len(BadLen()), lambda: bool(BadLen()), lambda: hash(BadHash()), lambda: [1][BadIndex()], lambda: str(BadStr()), lambda: repr(BadStr()), lambda: f"{BadStr()}"):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


class H:
    def __hash__(self): return 2**70


print(hash(H()) == hash(2**70), {H(): 1} != {}, object() == object(), object() != object(), hash(type) == hash(type))


class OnlyEq:
    def __eq__(self, other): return True


print(OnlyEq.__hash__, OnlyEq() == 1, 1 == OnlyEq(), OnlyEq() != 1, [1, 2] == [OnlyEq(), OnlyEq()], 3 in [OnlyEq()])
x = N(3)
print([x] == [x], x in [x], (x, 1) < (x, 2))
