# Messages about arguments given by keyword, read-only attributes, and names of native types.
import collections
import itertools
import operator
import re


def t(f):
    try:
        print(repr(f()))
    except Exception as e:
        print(type(e).__name__, e)


t(lambda: operator.itemgetter())
t(lambda: operator.attrgetter())
t(lambda: operator.methodcaller())


class I:
    def __complex__(self): return 1


t(lambda: complex(I()))


def f(): pass


for a in ("__closure__", "__globals__", "__builtins__", "__dict__", "__code__", "__annotations__", "__type_params__", "__qualname__"):
    t(lambda: setattr(f, a, 5))
for a in ("__closure__", "__globals__", "__builtins__", "__dict__", "__code__", "__qualname__"):
    t(lambda: delattr(f, a))
for text in ("abc", "abc\xe9", ""):
    print(type(iter(text)).__name__, iter(text).__reduce__()[1:])
t(lambda: int("5", bas=2))
t(lambda: print(1, ende=2))
t(lambda: sorted([], ky=2))
t(lambda: "a".split(se=2))
t(lambda: open("x", mod="r"))
t(lambda: max(1, 2, ke=2))
t(lambda: str(b"", encodin="r"))
t(lambda: enumerate([], star=2))
t(lambda: [].sort(reversed=2))
t(lambda: "a".encode(encodin=2))
t(lambda: __import__("x", levl=3))
t(lambda: sum([], strt=2))
t(lambda: compile("x", "y", "exec", flag=2))
t(lambda: zip([], stric=2))
t(lambda: property(fge=2))
t(lambda: float(a=2))
t(lambda: bytes(sourc=2))
t(lambda: complex(rea=2))
t(lambda: round(numbr=2))
t(lambda: pow(bas=2))
t(lambda: pow(2, 3, modulus=2))


def po(a, b, /, c): pass


t(lambda: po(a=1, b=2, c=3))
t(lambda: po(1, b=2, c=3))
t(lambda: po(b=2, a=3))


def d3(a, b=1, c=2): pass


t(lambda: d3(1, bb=3))
t(lambda: d3(1, A=3))
t(lambda: d3(1, xyz=3))


def kw(first, *, second=2): pass


t(lambda: kw(1, secnd=3))
t(lambda: kw(fist=3))


class K:
    def __init__(self, alpha): pass


t(lambda: K(alpa=1))
d = collections.deque()
p = re.compile("a")
t(lambda: d + 1)
t(lambda: 1 + d)
t(lambda: d.nothing)
t(lambda: hash(d))
t(lambda: d["a"])
t(lambda: d < 1)
t(lambda: p.nothing)
t(lambda: p())
t(lambda: p[0])
t(lambda: len(p))
t(lambda: setattr(p, "x", 1))
t(lambda: re.Pattern())
t(lambda: re.Pattern.nothing)
t(lambda: itertools.count()["a"])
t(lambda: len(itertools.count()))
t(lambda: itertools.count() + 1)
t(lambda: collections.deque.append(1, 2))
t(lambda: collections.deque.append())
t(lambda: collections.deque.append)
t(lambda: collections.deque.maxlen)
t(lambda: int(d))
t(lambda: float(p))
t(lambda: [][d])
t(lambda: f"{d:x}")
t(lambda: super(collections.deque, 1))
t(lambda: type("X", (re.Pattern,), {}))
t(lambda: collections.deque(1))
t(lambda: p.match(d))
t(lambda: [*itertools])
