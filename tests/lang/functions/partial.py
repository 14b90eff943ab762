"""`functools.partial`: arguments, placeholders, nesting, state, repr, errors."""
import copy
import functools
import gc
import pickle
import weakref
from functools import Placeholder as _
from functools import partial


def collect(*args, **keywords):
    return args, keywords


def show(*sources):
    for source in sources:
        try:
            print(source, "->", eval(source))
        except Exception as error:
            print(source, "->", type(error).__name__, error)


class Sub(partial):
    pass


plain = partial(collect, 1, 2, a=3)
free = partial(collect, _, 2, _, 4)
show(
    "plain()", "plain(5)", "plain(a=4)", "plain(b=4)", "plain(5, b=6, a=7)", "partial(collect)()", "partial(collect)(1, x=2)",
    "free()", "free(1)", "free(1, 3)", "free(1, 3, 5, z=6)", "partial(free, 1)(3)", "partial(free, 1).args", "partial(free, _, 3)(1)", "partial(free, 1, 3, 5)()",
    "partial()", "partial(3)", "partial(collect, _)", "partial(collect, a=_)", "type(_)()", "type(_)(1)", "repr(_)", "_.__reduce__()",
    "plain.func is collect, plain.args, plain.keywords", "partial(plain, 9, a=0, c=1).args", "partial(plain, 9, a=0, c=1).keywords",
    "partial(plain, 9).func is collect", "setattr(plain, 'func', 1)", "setattr(plain, 'args', ())", "partial(collect).__dict__", "plain.__setstate__(1)",
    "plain.__setstate__((1, 2, 3, 4))", "plain.__setstate__((collect, (_,), {}, {}))", "plain.__setstate__((collect, (1,), {1: 2}, None))", "plain()",
    "partial(collect, *range(20))(*range(5), **{'k%d' % i: i for i in range(12)})", "partial[int]", "callable(plain)",
    "partial(collect, **{'k%d' % i: i for i in range(12)})(k3=0, z=1)",
)
plain = partial(collect, 1, a=2)
plain.note = [1]
outer = partial(plain, 3)
print(outer.func is plain, outer(4))
for copied in copy.copy(plain), copy.deepcopy(plain), pickle.loads(pickle.dumps(partial(divmod, 7))):
    print(type(copied).__name__, copied.args, copied.keywords, copied.__dict__)
shown = partial(print, 1, end="")
print(repr(shown), repr(Sub(print, _, "x")))
shown.__setstate__((shown, (), {}, {}))
print(repr(shown))
shown.__setstate__((print, (shown,), {"a": shown}, {}))
print(repr(shown))
shown.__setstate__((print, (), {}, None))


class Owner:
    method = partial(collect, 1)
    bound = functools.partialmethod(collect, 1, x=2)


owner = Owner()
print(len(Owner.method(2)[0]), len(owner.method(2)[0]), owner.bound(3)[0][1:], Owner.method.__get__(None, Owner) is Owner.method)
try:
    del plain.__dict__
except TypeError as error:
    print(error)

held = type("Held", (), {})()
watch = weakref.ref(held)
ring = partial(collect, held)
held.ring = ring
del held, ring
gc.collect()
print(watch())


made = collect
for depth in range(500):
    made = partial(made)
    made.note = depth
print(made(1))


def quotient(a, b):
    return a / b


def generator(a, b):
    yield a
    yield b


class Last:
    def __del__(self):
        print("gone")


class Overriding(partial):
    def __call__(self, *args):
        return "its own"


def temporary():
    made = partial(collect, 1)
    made.note = Last()
    return made


one = partial(quotient, 1)
show("one(0)", "one(4)", "one()", "one(1, 2)", "one(b=5)", "one(c=5)", "list(partial(generator, 1)(2))", "Overriding(quotient, 1)(2)", "partial(max, 4)(9)", "partial(int, '11')(2)")
print(temporary()(2))


def endless(depth):
    return partial(endless, depth + 1)()


try:
    endless(0)
except RecursionError as error:
    print(type(error).__name__)
