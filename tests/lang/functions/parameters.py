# All kinds of parameters, and what each binds.
def f(a, b=2, /, c=3, *args, d, e=5, **kwargs):
    return a, b, c, args, d, e, kwargs


print(f(1, d=4))
print(f(1, 20, 30, 40, 50, d=4, e=6, x=7, a=8, b=9))
print(f(1, c=9, d=0))
print(f(*[1, 2, 3], *(4, 5), **{"d": 6}, **{"z": 1}))
print(f(0, *range(4), d=1, **dict(q=2)))


def positional(a, b, /):
    return a - b


def keyword(*, a, b=10):
    return a - b


def star(*args):
    return args


def stars(**kwargs):
    return kwargs


print(positional(5, 3), keyword(a=1), keyword(b=1, a=1), star(), star(1, *[2], 3), stars(), stars(a=1, **{"b c": 2}))


def default(x, seen=[]):
    seen.append(x)
    return seen


print(default(1), default(2), default(3, []), default(4))
print(f.__defaults__, f.__kwdefaults__, f.__name__, f.__qualname__, f.__code__.co_argcount, f.__code__.co_varnames, f.__code__.co_kwonlyargcount, f.__code__.co_posonlyargcount)
y = 1


def early(a=y):
    return a


y = 2
print(early(), early(y), early.__defaults__)
early.__defaults__ = (99,)
print(early())
print((lambda: 1)(), (lambda x, *y, z=3, **k: (x, y, z, k))(1, 2, w=4), (lambda *a, **k: (a, k))(*"ab", **{"c": 1}))


def annotated(a: int, b: "str" = "x", *c: float, **d: bool) -> list:
    return []


print(annotated.__annotations__)


def order(n):
    print("eval", n)
    return n


star(order(1), *[order(2)], order(3))
stars(a=order("a"), **{"b": order("b")}, c=order("c"))
print(f(order(1), d=order(2), *[order(3)]))
