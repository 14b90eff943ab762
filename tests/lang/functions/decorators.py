# Decorators on functions, methods and classes: order and effect.
def trace(label):
    print("make", label)

    def decorate(f):
        print("apply", label, f.__name__)

        def wrapper(*args, **kwargs):
            print("enter", label)
            try:
                return f(*args, **kwargs)
            finally:
                print("leave", label)
        wrapper.__name__ = f.__name__
        wrapper.__wrapped__ = f
        return wrapper
    return decorate


@trace("outer")
@trace("inner")
def add(a, b=1):
    return a + b


print(add(1), add(2, b=5), add.__name__, add.__wrapped__.__wrapped__(1, 1))


def register(cls):
    registry[cls.__name__] = cls
    cls.tag = len(registry)
    return cls


registry = {}


@register
class A:
    @staticmethod
    def s(x):
        return x * 2

    @classmethod
    def c(cls, x):
        return cls.__name__, x

    @property
    def p(self):
        return "property"

    @trace("method")
    def m(self, x):
        return self.p, x


@register
class B(A):
    pass


print(A.tag, B.tag, sorted(registry), A.s(2), B().s(3), B.c(1), A().c(2), B().m(4))


class Count:
    def __init__(self, f):
        self.f, self.n = f, 0

    def __call__(self, *args):
        self.n += 1
        return self.f(*args)


@Count
def square(x):
    return x * x


print(square(3), square(4), square.n)


def memo(f):
    cache = {}

    def g(n):
        if n not in cache:
            cache[n] = f(n)
        return cache[n]
    return g


@memo
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


print(fib(80))


@(lambda f: "replaced")
def gone():
    pass


print(gone)
table = [lambda f: f() + 1]


@table[0]
def value():
    return 41


print(value)
