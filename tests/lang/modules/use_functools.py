# partial, reduce, lru_cache, cached_property, wraps, singledispatch, total_ordering, cmp_to_key.
import functools

p = functools.partial(int, base=2)
print(p("101"), p.func is int, p.args, p.keywords, functools.partial(print, 1, sep="-")(2, 3), functools.partial(p, "11")())
print(functools.reduce(lambda a, b: a * 10 + b, [1, 2, 3]), functools.reduce(max, [3, 9, 2], 5), functools.reduce(lambda a, b: a, [], "initial"))
try:
    functools.reduce(max, [])
except TypeError as e:
    print(e)


@functools.lru_cache(maxsize=2)
def square(x):
    print("computing", x)
    return x * x


print(square(1), square(2), square(1), square(3), square(2), square.cache_info())
square.cache_clear()
print(square.cache_info(), square.__name__, square.__wrapped__(5))


@functools.cache
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


print(fib(100), fib.cache_info().hits)


def deco(f):
    @functools.wraps(f)
    def wrapper(*a):
        """wrapper doc"""
        return f(*a)
    return wrapper


@deco
def documented(x):
    """original doc"""
    return x


print(documented.__name__, documented.__doc__, documented(5), documented.__wrapped__(6))


class C:
    @functools.cached_property
    def value(self):
        print("once")
        return 42

    @functools.singledispatchmethod
    def show(self, x):
        return "object"

    @show.register
    def _(self, x: int):
        return "int"


c = C()
print(c.value, c.value, c.__dict__, c.show(1), c.show("x"))


@functools.singledispatch
def kind(x):
    return "something"


@kind.register(int)
def _(x):
    return "int"


@kind.register(list)
def _(x):
    return "list"


print(kind(1), kind([]), kind("s"), kind(True), kind.dispatch(int) is not None)


@functools.total_ordering
class V:
    def __init__(self, n): self.n = n
    def __eq__(self, o): return self.n == o.n
    def __lt__(self, o): return self.n < o.n


print(V(1) <= V(2), V(1) >= V(2), V(3) > V(2), sorted([3, 1, 2], key=functools.cmp_to_key(lambda a, b: b - a)))
