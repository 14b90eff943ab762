"""Arguments of every kind bound to parameters of every kind, by calls that name them and calls that spread them."""
import sys


def tried(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except TypeError as error:
        return str(error)


def plain(a, b=2, c=3):
    return a, b, c


def only(a, /, b=2, *, c, d=4):
    return a, b, c, d


def rest(a, *args, b=1):
    return a, args, b


def every(a, /, b, *args, c, d=4, **kwargs):
    return a, b, args, c, d, kwargs


def names(**kwargs):
    return kwargs


def gather(*args, **kwargs):
    return args, kwargs


print(plain(1), plain(1, c=5), plain(c=1, a=2), plain(b=1, c=2, a=3), tried(plain), tried(plain, 1, a=2))
print(tried(plain, 1, 2, 3, 4), tried(plain, 1, d=2), tried(plain, b=2))
print(only(1, c=3), only(1, 5, d=6, c=7), tried(only, 1), tried(only, a=1, c=2), tried(only, 1, 2, 3, c=4))
print(rest(1), rest(1, 2, 3), rest(1, 2, b=3), rest(a=1, b=2), tried(rest), tried(rest, 1, c=2))
print(every(1, 2, c=3), every(1, b=2, c=3), every(1, 2, 3, 4, c=5, d=6, e=7, f=8), every(1, 2, c=3, a=9))
print(tried(every, 1, 2), tried(every, 1, c=2), tried(every, 1, 2, 3, b=4, c=5))
print(names(), names(a=1, b=2), gather(), gather(1, 2), gather(x=1), gather(1, x=2))
print(names(a=1, b=2, c=3, d=4, e=5, f=6, g=7, h=8, i=9, j=10))
pair, named = (1, 2), {"c": 5}
print(plain(*pair), plain(*pair, **named), plain(*[1]), plain(*"ab"), only(*pair, **named), every(*pair, **named))
print(gather(*range(70)) == (tuple(range(70)), {}), len(names(**{f"n{i}": i for i in range(20)})))
print(tried(lambda: plain(*5)), tried(lambda: plain(**5)), tried(lambda: plain(**{1: 2})))
print(tried(lambda: plain(*pair, a=3)), tried(lambda: plain(*pair, **{"x": 1})), tried(lambda: plain(a=1, **{"a": 2})))


class Text(str):
    pass


print(names(**{Text("k"): 1, "".join("ab"): 2}), plain(**{"".join("a"): 1, Text("b"): 5}))


class Made:
    def __init__(self, x, *, y=0, **more):
        self.got = x, y, more

    def method(self, *args, **kwargs):
        return self.got, args, kwargs

    def __call__(self, a, b=2):
        return a, b


made = Made(1, y=2, z=3)
print(made.got, Made(x=1).got, Made(*[4], **{"y": 5}).got, tried(Made), tried(Made, y=1))
print(made.method(1, k=2), made.method(*pair, **named), made(1), made(b=3, a=4), made(*pair), tried(made))
bound = made.method
print(bound(), bound(k=1), bound(*pair), bound(**named))
plain.__defaults__ = (7, 8, 9)
print(plain(), plain(1), plain(c=1))
plain.__defaults__ = None
print(tried(plain, 1))
only.__kwdefaults__ = {"c": 30}
print(only(1, d=2), tried(only, 1))
only.__kwdefaults__ = None
print(tried(only, 1))


class Loud:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("del", self.name)


def drops(a, *args, **kwargs):
    print("in")
    del a
    args = kwargs = None
    print("out")


drops(*(Loud("a"), Loud("b")), **{"c": Loud("c")})
drops(Loud("d"), Loud("e"), f=Loud("f"))


def deep(n, *args, **kwargs):
    return len(args) + len(kwargs) if n == 0 else deep(n - 1, *args, **kwargs)


print(deep(300, 1, 2, x=3))


def endless(*args, **kwargs):
    return endless(*args, **kwargs)


try:
    endless(1, x=2)
except RecursionError as error:
    print("RecursionError:", error)


def many(*rest, text=""):
    return text, rest, 2


def counted(value):
    return sys.getrefcount(value)


shared = "a text of %d" % len(__doc__ or "")
rest = ["one more"]
before = counted(shared)
for _ in range(20):
    a, b, c = many("first", "second", "third", text=shared)
    a, b, c = many("first", *rest, text=shared)
    a, b, c = many(*rest, *rest, *rest, text=shared)
    a, b, c = (lambda *a, k, **kw: (k, a, kw))(1, 2, 3, 4, other=shared, k=shared)
a = b = c = None
print(counted(shared) == before)
