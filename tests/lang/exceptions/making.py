"""Exceptions are made in every way there is: plain classes, classes with `__new__` or `__init__`, patched ones, other bases."""


class Plain(ValueError):
    pass


class Init(ValueError):
    def __init__(self, a, b=2):
        super().__init__(a)
        self.b = b


class New(ValueError):
    def __new__(cls, *args):
        made = super().__new__(cls, *args, "more")
        made.made = True
        return made


class Both(Init, New):
    pass


class Slotted(Exception):
    __slots__ = ("extra",)


class Meta(type):
    def __call__(cls, *args):
        print("  called", cls.__name__, args)
        return super().__call__(*args)


class Odd(Exception, metaclass=Meta):
    pass


def show(error):
    print(type(error).__name__, error.args, repr(error), str(error), error.__dict__, error.__cause__, error.__context__,
          error.__traceback__, error.__suppress_context__)


for make in (lambda: Plain(), lambda: Plain(1), lambda: Plain(1, [2]), lambda: Init(1), lambda: Init(1, b=3), lambda: New(1),
             lambda: Both(1), lambda: Slotted(1), lambda: Odd(1, 2), lambda: KeyError(1), lambda: KeyError(), lambda: Exception("a", "b"),
             lambda: StopIteration(4), lambda: OSError(2, "no"), lambda: BaseException(0), lambda: Plain(*[1, 2]),
             lambda: ImportError("x", name="n"), lambda: MemoryError(1), lambda: SystemExit(3), lambda: Plain.__new__(Plain, 5)):
    show(make())
for wrong in (lambda: Plain(a=1), lambda: Init(), lambda: New(a=1), lambda: KeyError(x=1), lambda: Plain(1, **{"k": 2}), lambda: Odd(a=2)):
    try:
        print(wrong())
    except TypeError as error:
        print(error)
try:
    class Clash(ValueError, int):
        pass
except TypeError as error:
    print(error)

show(Plain(1))
Plain.__init__ = lambda self, *args: setattr(self, "patched", args)
show(Plain(1))
del Plain.__init__
Plain.__new__ = lambda cls, *args: ValueError.__new__(cls, "new")
show(Plain(1))
del Plain.__new__
show(Plain(1))


class Lazy(KeyError):
    def __str__(self):
        return "lazy"


try:
    raise Lazy
except KeyError as error:
    print(error, error.args)
try:
    raise Lazy(1) from Plain
except LookupError as error:
    print(error, error.args, repr(error.__cause__))

made = Plain(1)
made.args = (2, 3)
show(made)
made.__init__(4)
show(made)


# What `except` takes.
class Mixin:
    pass


class WithMixin(Mixin, Plain):
    pass


def catch(raised, pattern):
    try:
        try:
            raise raised
        except pattern:
            return "caught"
    except TypeError as error:
        return f"{error} (in {error.__context__!r})"
    except BaseException as error:
        return f"passed {error!r}"


for pattern in (WithMixin, Plain, ValueError, Exception, BaseException, Mixin, object, int, KeyError, (), (KeyError, Plain), (Plain, int),
                (int, Plain), ((Plain,),), "Plain", None, type, Odd):
    print(pattern, catch(WithMixin(1), pattern))


class Claims(type):
    def __instancecheck__(cls, instance):
        return True

    def __subclasscheck__(cls, other):
        return True


class Claimed(Exception, metaclass=Claims):
    pass


print(catch(Plain(1), Claimed), catch(Claimed(1), Claimed))


# What native code raises often.
def raised(function):
    try:
        function()
    except BaseException as error:
        return [type(error).__name__, error.args, {name: getattr(error, name, "none") for name in ("value", "name", "obj", "code")},
                error.__dict__, error.__context__]


def gives():
    return (1, 2)
    yield


print(raised(lambda: next(iter([]))), raised(lambda: next(gives())), raised(lambda: gives().send(None)), sep="\n")
print(raised(lambda: None.missing)[1:2], raised(lambda: missing)[:3], raised(lambda: [][1]), raised(lambda: {}["k"]), sep="\n")
print(raised(lambda: int("x")), raised(lambda: 1 // 0), raised(lambda: len(3)), raised(lambda: iter([]).__next__()), sep="\n")
