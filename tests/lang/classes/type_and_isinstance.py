# type, isinstance, issubclass with tuples and unions, abc-like checks, __class__.
print(type(1), type("s"), type(None), type(...), type(NotImplemented), type([]), type(type), type(print), type(lambda: 0), type(range(1)), type(1j))
print(isinstance(1, int), isinstance(True, int), isinstance(1, (str, int)), isinstance(1, ((str,), (int,))), isinstance(1, int | str), isinstance(None, int | None), isinstance(1.0, int), isinstance([], object), isinstance(int, type))
print(issubclass(bool, int), issubclass(int, (str, object)), issubclass(int, int | str), issubclass(type, object), issubclass(object, type))
for f in (lambda: isinstance(1, 5), lambda: isinstance(1, "int"), lambda: issubclass(1, int), lambda: issubclass(int, 5), lambda: isinstance(1, (int, 5)), lambda: isinstance("a", (int, 5)), lambda: isinstance(1, list[int]), lambda: isinstance(1)):
    try:
        print(f())
    except TypeError as e:
        print(e)


class Fake:
    @property
    def __class__(self):
        return int


print(isinstance(Fake(), int), type(Fake()).__name__, Fake().__class__)


class A: pass
class B(A): pass


a = A()
a.__class__ = B
print(type(a).__name__, isinstance(a, B))
for bad in (int, 5, list):
    try:
        a.__class__ = bad
    except TypeError as e:
        print(e)
try:
    (5).__class__ = A
except TypeError as e:
    print(e)
print(int.__name__, int.__module__, int.__qualname__, A.__name__, list.append.__qualname__, "".join.__name__, type(int.__add__).__name__, type("".join).__name__, type(list.append).__name__)
A.__name__ = "Renamed"
print(A.__name__, A.__qualname__, A.__module__)
for f in (lambda: setattr(int, "x", 1), lambda: setattr(A, "__name__", 5), lambda: delattr(A, "__name__"), lambda: int.__dict__.__setitem__("x", 1), lambda: setattr(A, "__bases__", ()), lambda: setattr(A, "__bases__", (5,))):
    try:
        f()
    except (TypeError, AttributeError) as e:
        print(type(e).__name__, e)


class X:
    def who(self): return "X"


class Y:
    def who(self): return "Y"


class Z(X): pass


z = Z()
Z.__bases__ = (Y,)
print(z.who(), Z.__mro__[1].__name__)
print(callable(print), callable(A), callable(a), callable(lambda: 0), callable(5), callable("".join))
print(int | str, list[int], dict[str, list[int]], tuple[int, ...], type(list[int]).__name__, list[int].__origin__, list[int].__args__, list[int]("ab"), list[int] == list[int])
print(bool(A), A == A, A != B, hash(A) == hash(A), A in {A}, {A: 1}[A])
