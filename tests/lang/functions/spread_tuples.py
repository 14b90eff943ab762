# Calls with * of tuples and lists, with and without **, to functions of every kind: what is bound, and what lives how long.
import sys


def two(a, b):
    return a, b


def two_or_three(a, b, c=3):
    return a, b, c


def rest(a, *rest):
    return a, rest


def all_of(*args):
    return args


def named(*args, key=None):
    return args, key


def anything(*args, **kwargs):
    return args, kwargs


def only(a, /, b, *, c=1):
    return a, b, c


def cells(a, *rest):
    return lambda: (a, rest)


def generator(*args):
    yield from args


def wrapper(function, *args, **kwargs):
    return function(*args, **kwargs)


class Tuple(tuple):
    def __iter__(self):
        return iter(("own",) * len(self))


functions = [two, two_or_three, rest, all_of, named, anything, only]
arguments = [(), (1,), (1, 2), (1, 2, 3), [1, 2], Tuple((1, 2)), tuple(range(12)), iter((1, 2)), 5]
for function in functions:
    for args in arguments:
        for keywords in [None, {}, {"key": 1}, {"c": 5}, 7]:
            try:
                if keywords is None:
                    print(function.__name__, function(*args), wrapper(function, *args))
                else:
                    print(function.__name__, function(*args, **keywords), wrapper(function, *args, **keywords))
            except TypeError as error:
                print(type(error).__name__, error)

print(cells(*(1, 2, 3))(), cells(*(1,))(), list(generator(*(1, 2))), *map(lambda *a: a, (1, 2), (3, 4)))


class Loud:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("gone:", self.name)


def lets_go(first, *others):
    del first
    print("first let go")
    others = None
    print("others let go")


lets_go(*(Loud("a"), Loud("b"), Loud("c")))
lets_go(*[Loud("a"), Loud("b")])
lets_go(*(Loud("only"),), **{})


def exchanges():
    args = (Loud("x"), Loud("y"))
    args = all_of(*args)
    print(len(args))
    del args


exchanges()


def deep(n, *rest):
    return deep(*(n + 1,), *rest)


try:
    deep(*(0, 1))
except RecursionError as error:
    print(type(error).__name__)


class Same:
    def __call__(self, *args):
        return args

    def method(self, *args):
        return args

    @classmethod
    def of_class(cls, *args):
        return cls.__name__, args

    @staticmethod
    def of_none(*args):
        return args


same = Same()
print(same(*(1, 2)), same.method(*(1, 2)), same.of_class(*(1,)), same.of_none(*()), Same.method(*(same, 1))[0])

# What is empty, spread and joined of f-strings and words.
word = "word"
print(f"{word}", f"{word!r}", f"{word}{word}", [f"{c}" for c in "ab"], f"{type('S', (str,), {'__format__': lambda s, f: 'own'})('x')}")
print("".split(), "  ".split(), "a".split(), " a  b\tc\n".split(), "a b".split(None, 1), "\x1ca\x1fb".split(), "é ü".split())
text = "word"
print(text.split()[0] is text, len(" ".join(map(str, range(100))).split()), sys.intern("a b").split())
