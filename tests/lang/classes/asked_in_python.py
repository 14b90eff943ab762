"""What is asked of an object by `len`, `hash`, `iter`, `next`, `repr`, `str` and f-strings, and classes whose `__new__` makes the instances."""

import sys
import traceback


def told(f, *args):
    try:
        print(f(*args))
    except BaseException as error:
        print(type(error).__name__, error, [(t.name, t.line) for t in traceback.extract_tb(error.__traceback__)][1:])


class Any:
    def __init__(self, **answers):
        self.__dict__.update(answers)

    def __len__(self):
        return self.len

    def __hash__(self):
        return self.hash

    def __iter__(self):
        return self.iter

    def __next__(self):
        return self.next

    def __repr__(self):
        return self.repr

    def __str__(self):
        return self.str

    def __format__(self, spec):
        return self.format

    def __eq__(self, other):
        return self is other


class Index:
    def __init__(self, n):
        self.n = n

    def __index__(self):
        return self.n


class Text(str):
    pass


class Number(int):
    pass


def ask_len(x):
    return len(x)


def ask_hash(x):
    return hash(x)


def ask_iter(x):
    return type(iter(x)).__name__


def ask_next(x):
    return next(x)


def ask_next_or(x):
    return next(x, "none")


def ask_repr(x):
    return type(repr(x)).__name__, repr(x)


def ask_str(x):
    return type(str(x)).__name__, str(x)


def ask_format(x):
    return type(f"{x}").__name__, f"{x}", f"<{x}>"


def ask_spec(x):
    return f"{x:>9}", f"{x:{4}}"


def ask_converted(x):
    return f"{x!s}", f"{x!r}", f"{x!s:>4}", f"{x!r:<4}|", f"{x!a}", type(f"{x!s}").__name__, type(f"{x!r}").__name__


for n in (0, 5, 2**62, 2**63 - 1, 2**63, 2**100, -1, -(2**80), True, Number(7), Index(3), Index(-3), 1.5, "4", None):
    told(ask_len, Any(len=n))
    told(ask_hash, Any(hash=n))
    if isinstance(n, int):
        assert n >= 2**63 or n < 0 or {Any(hash=n): 1}
for it in (iter([1]), [1], None, (x for x in ())):
    told(ask_iter, Any(iter=it))
for text in ("é", Text("sub"), 5, None, b"x"):
    told(ask_repr, Any(repr=text))
    told(ask_str, Any(str=text))
    told(ask_format, Any(format=text))
    told(ask_spec, Any(format=text))
    told(ask_converted, Any(str=text, repr="r", format="no"))
    told(ask_converted, Any(repr=text, str="s", format="no"))
told(ask_next, Any(next=3))
told(ask_next_or, Any(next=3))


class Raises:
    def __getattr__(self, name):
        raise AttributeError(name)

    def __len__(self):
        raise KeyError("len")

    __hash__ = __iter__ = __repr__ = __str__ = __len__

    def __next__(self):
        raise StopIteration(4)

    def __format__(self, spec):
        raise LookupError("format " + spec)


for ask in (ask_len, ask_hash, ask_iter, ask_next, ask_next_or, ask_repr, ask_str, ask_format, ask_spec, ask_converted):
    told(ask, Raises())


class Generates:
    def __iter__(self):
        yield 1

    def __len__(self):
        yield 1

    def __next__(self):
        yield 2

    def __str__(self):
        yield "x"


for ask in (ask_len, ask_iter, ask_str):
    told(ask, Generates())
print(type(next(Generates())).__name__)


class OnlyRepr:
    def __repr__(self):
        return "only repr"


class OnlyStr:
    def __str__(self):
        return "only str"


class Below(OnlyRepr):
    pass


class Numeric(int):
    def __repr__(self):
        return "numeric"


class Failure(Exception):
    def __repr__(self):
        return "failure"


class Listed(list):
    def __len__(self):
        return 99

    def __str__(self):
        return "listed"


class None_:
    __len__ = __hash__ = __iter__ = __repr__ = None


for x in (OnlyRepr(), Below(), Numeric(3), Failure("said"), Listed([1]), Text("t")):
    told(ask_str, x)
    told(ask_repr, x)
    told(ask_format, x)
    told(lambda x: f"{x!s:>12}", x)
    told(ask_spec, x)
told(ask_len, Listed())
told(lambda x: str(x)[-10:-3], OnlyStr())
for ask in (ask_len, ask_hash, ask_iter, ask_repr):
    told(ask, None_())
    told(ask, OnlyStr) if ask is ask_len else None

# Methods that come, change and go.
short = Below()
for change in ("Below.__len__ = lambda self: 7", "OnlyRepr.__str__ = lambda self: 'str now'", "Below.__str__ = OnlyRepr.__repr__",
               "del Below.__str__", "del OnlyRepr.__str__", "Below.__format__ = lambda self, spec: 'f' + spec", "del Below.__format__",
               "Below.__len__ = staticmethod(lambda: 8)", "Below.__repr__ = len", "del Below.__repr__"):
    exec(change)
    told(ask_len, short)
    told(ask_str, short)
    told(ask_format, short)
    told(ask_spec, short)


class Suicide:
    def __init__(self):
        global held
        held = self

    def __del__(self):
        print("dies")

    def __len__(self):
        global held
        held = None
        return 3

    def __str__(self):
        self.len = len(self)
        return "str"


print(len(Suicide()), "after len")
print(str(Suicide()), "after str")
print(f"{Suicide()}", "after format")


class Deep:
    def __len__(self):
        return len(self)

    def __repr__(self):
        return repr(self)

    def __str__(self):
        return f"{self}"


for ask in (ask_len, ask_repr, ask_str):
    try:
        ask(Deep())
    except RecursionError:
        print("too deep")

# The names may mean something else.
lens = []


def other(len):
    return len(Any(len=4))


print(other(lambda x: "own"), other(len))

events = []


def trace(frame, event, arg):
    events.append((frame.f_code.co_name, event))
    return trace


def profiled():
    return len(Any(len=2)), str(OnlyRepr())


for setter in (sys.setprofile, sys.settrace):
    setter(trace)
    profiled()
    setter(None)
print([e for e in events if e[0] != "__init__"])


class Point(tuple):
    def __new__(cls, x, y=2, *rest, z=0):
        return tuple.__new__(cls, (x, y, z, *rest))


for args in ((1,), (1, 3), (1, 3, 4, 5), ()):
    told(Point, *args)
    try:
        print(Point(*args), Point(1, 2), Point(1), type(Point(1)).__name__)
    except TypeError as error:
        print(error)


class Sub(Point):
    def __init__(self, *args):
        print("init", args)


class Factory:
    def __new__(cls, kind=None):
        if kind == "none":
            return None
        if kind == "other":
            return 5
        if kind == "sub":
            return object.__new__(Made)
        if kind == "raise":
            raise ValueError("not made")
        return object.__new__(cls)


class Made(Factory):
    def __init__(self, kind):
        print("made", kind)


def produce():
    return [type(x).__name__ for x in (Factory(), Factory("none"), Factory("other"), Factory("sub"), Made("mine"))]


print(produce(), Sub(1, 5))
told(lambda: Factory("raise"))
told(lambda: Factory(1, 2))
told(lambda: Made())
Factory.__init__ = lambda self, *args: print("late", args)
print(produce())
del Factory.__init__
print(produce())
Factory.__new__ = lambda cls, *args: (cls.__name__, args)
print(Factory(3), Factory(), Factory(1, 2))
Factory.__new__ = staticmethod(lambda cls, *args: ("static", args))
print(Factory(3))
Factory.__new__ = classmethod(lambda cls, *args: ("class", args))
print(Factory(3))
wrapper = staticmethod(lambda cls: "first")
Factory.__new__ = wrapper


def again():
    return Factory()


print(again(), again())
wrapper.__init__(lambda cls: "second")
print(again())


class Meta(type):
    def __call__(cls, *args):
        return "meta", args


class WithMeta(metaclass=Meta):
    def __new__(cls, x):
        return object.__new__(cls)


print(WithMeta(1))


class Changes:
    def __new__(cls):
        self = object.__new__(cls)
        cls.__init__ = lambda self: print("init set meanwhile")
        return self


print(type(Changes()).__name__)


class Leaves:
    def __new__(cls, x):
        del x
        return super().__new__(cls)

    def __del__(self):
        print("left")


class Dying:
    def __del__(self):
        print("argument dies")


def leave():
    Leaves(Dying())
    print("then")


leave()


class Yields:
    def __new__(cls):
        yield cls


print(list(Yields()) == [Yields])


class Unit(float):
    __slots__ = ()

    def __new__(cls, x):
        return super().__new__(cls, x * 2)


print([Unit(x) for x in (1, 2.5)], Unit(3) + Unit(x=1))
