# Construction of built-in subclasses, classmethods as constructors, copying constructors.
class Fraction:
    def __init__(self, n, d=1):
        a, b = abs(n), abs(d)
        while b:
            a, b = b, a % b
        if d < 0:
            a = -a
        self.n, self.d = n // a, d // a

    @classmethod
    def parse(cls, text):
        n, _, d = text.partition("/")
        return cls(int(n), int(d or 1))

    def __repr__(self):
        return f"{self.n}/{self.d}" if self.d != 1 else str(self.n)

    def __add__(self, o):
        o = o if isinstance(o, Fraction) else Fraction(o)
        return type(self)(self.n * o.d + o.n * self.d, self.d * o.d)

    __radd__ = __add__

    def __mul__(self, o):
        return type(self)(self.n * o.n, self.d * o.d)

    def __eq__(self, o):
        return (self.n, self.d) == (o.n, o.d) if isinstance(o, Fraction) else self.d == 1 and self.n == o

    def __lt__(self, o):
        return self.n * o.d < o.n * self.d

    def __hash__(self):
        return hash((self.n, self.d)) if self.d != 1 else hash(self.n)

    def __float__(self):
        return self.n / self.d

    def __bool__(self):
        return self.n != 0


F = Fraction
print(F(1, 2) + F(1, 3), F(2, 4), F(1, 2) * F(2, 3), F.parse("3/9"), F.parse("7"), sum([F(1, 2), F(1, 3), F(1, 6)]), F(1, 2) == F(2, 4), F(4, 2) == 2, 2 == F(4, 2), {F(2): "two"}[2])
print(sorted([F(1, 2), F(1, 3), F(3, 4)]), float(F(1, 8)), bool(F(0)), max(F(1, 2), F(2, 3)), 1 + F(1, 2), F(1, -2))
try:
    F(1, 2) + "x"
except TypeError as e:
    print(e)


class Upper(str):
    def __new__(cls, s):
        return super().__new__(cls, s.upper())


class Positive(int):
    def __new__(cls, n):
        if n < 0:
            raise ValueError("negative")
        return super().__new__(cls, n)

    def __init__(self, n):
        self.original = n


print(Upper("abc"), type(Upper("x")).__name__, Positive(5) + 1, Positive(7).original, isinstance(Positive(1), int))
try:
    Positive(-1)
except ValueError as e:
    print(e)


class Stack(list):
    def __init__(self, *items):
        super().__init__(items)
        self.log = []

    def push(self, x):
        self.log.append(x)
        self.append(x)


s = Stack(1, 2)
s.push(3)
print(s, s.log, len(s), s == [1, 2, 3], s[::-1], type(s[:]).__name__)


class Flo(float):
    def __repr__(self):
        return f"Flo({float(self)})"


class By(bytes): pass
class Fs(frozenset): pass
class Cx(complex): pass


print(Flo(1.5), Flo(2) * 2, By(b"ab"), By(b"ab")[0], Fs([1]), Cx(1, 2), type(Flo(1) + 1).__name__, type(By(b"a") + b"b").__name__, type(Fs([1]) | {2}).__name__)
