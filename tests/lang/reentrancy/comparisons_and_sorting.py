# Comparisons that raise, lie, or change what is compared.
import sys


def attempt(label, f):
    try:
        print(label, f())
    except Exception as e:
        print(label, type(e).__name__, e)


class Liar:
    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        Liar.calls += 1
        return Liar.calls % 3 == 0

    def __repr__(self):
        return f"L{self.n}"


Liar.calls = 0
print(len(sorted([Liar(i) for i in range(40)])), Liar.calls > 30)


class Raises:
    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        if other.n == 3 or self.n == 3:
            raise ValueError("three")
        return self.n < other.n

    def __eq__(self, other):
        raise TypeError("no equality")

    __hash__ = None


a = [Raises(i) for i in (5, 1, 3, 2)]
attempt("sort", a.sort)
print(sorted(x.n for x in a))
attempt("eq", lambda: a == [1, 2, 3, 4])
attempt("in", lambda: 5 in a)
attempt("identity first", lambda: a[0] in a)
attempt("index", lambda: a.index(a[0]))
attempt("max", lambda: max(a).n)
attempt("tuple", lambda: (a[0],) == (1,))
attempt("min", lambda: min(a[:1]).n)


class NotBool:
    def __lt__(self, other):
        return self

    def __eq__(self, other):
        return self

    def __bool__(self):
        raise OverflowError("no truth")


attempt("not bool", lambda: sorted([NotBool(), NotBool()]))
attempt("chain", lambda: NotBool() < 1 < 2)
attempt("alone", lambda: type(NotBool() < 1).__name__)
attempt("list eq", lambda: [NotBool()] == [1])
attempt("ternary", lambda: 1 if NotBool() else 2)
attempt("not", lambda: not NotBool())
attempt("and", lambda: NotBool() and 1)
attempt("any", lambda: any([NotBool()]))
attempt("filter", lambda: list(filter(None, [NotBool()])))
attempt("while", lambda: exec("while x: pass", {"x": NotBool()}))


class Changing:
    def __init__(self):
        self.items = [3, 1, 2]

    def key(self, x):
        self.items.append(x)
        return x

    def sort(self):
        self.items.sort(key=self.key)


c = Changing()
attempt("modified", c.sort)
print(sorted(c.items))


class Reflected:
    def __gt__(self, other):
        return "reflected gt"

    def __le__(self, other):
        return NotImplemented


attempt("lt", lambda: 5 < Reflected())
attempt("ge", lambda: 5 >= Reflected())
attempt("le", lambda: Reflected() <= Reflected())
deep = []
deep.append(deep)
other = []
other.append(other)
attempt("recursive eq", lambda: type(deep == deep).__name__)
try:
    deep < other
except RecursionError:
    print("RecursionError")
print(sys.getrecursionlimit() > 0)
