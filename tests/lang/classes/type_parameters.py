# PEP 695 and 696: type parameters of functions, classes and aliases, their bounds, defaults and scopes.
import typing
def log(x): print("  evaluated", x); return x
def f[T: log(int), U: (log(str), bytes) = log(str), *Ts = log(()), **P = log([int])](a: T, *b: *Ts) -> U: return T, U, Ts, P
print("defined")
T, U, Ts, P = f.__type_params__
print(T, U, Ts, P, [type(p).__name__ for p in f.__type_params__])
print(T.__bound__, T.__constraints__, T.has_default(), T.__default__)
print(U.__bound__, U.__constraints__, U.has_default(), U.__default__)
print(Ts.has_default(), Ts.__default__, P.__default__, P.args, P.kwargs)
print(T.__infer_variance__, T.__covariant__, T.__module__, f(1)[0] is T)
class C[A, B = list[A]](dict[A, B]):
    x: A
    def m[D](self, a: A, d: D) -> B: return A, D
    class Inner: y = A
print(C.__type_params__, C.__parameters__, C.__orig_bases__, C.__mro__[1:3])
print(C[int], C[int, str], C[int].__args__, C.Inner.y, C().m(1, 2)[0] is C.__type_params__[0])
for bad in ("C[()]", "C[int, str, bytes]", "C[int][str]", "f[int]", "T[int]", "T()", "T | int", "T | None", "list[T][int]", "dict[T, U][int, str]", "isinstance(1, T)", "issubclass(int, T)", "class_of := type(T)()", "typing.Generic[int]", "typing.Generic[T, T]"):
    try: print(bad, "->", eval(bad))
    except Exception as e: print(bad, "!!", type(e).__name__, e)
type Alias[X] = list[X] | log(None)
print(Alias, type(Alias).__name__, Alias.__name__, Alias.__type_params__, Alias.__module__, Alias[int], Alias[int].__args__)
print(Alias.__value__)
type Recursive = list[Recursive] | int
print(Recursive.__value__, Recursive | str, Recursive.__type_params__)
type Broken = 1 / 0
try: Broken.__value__
except ZeroDivisionError as e: print(e)
for bad in ("Alias()", "Recursive[int]", "Alias.__value__ = 1", "Alias.x = 1", "isinstance(1, Recursive)", "typing.TypeAliasType('A', int, type_params=(1,))", "typing.TypeAliasType('A', int).__value__"):
    try:
        if " = " in bad: exec(bad)
        print(bad, "->", eval(bad))
    except Exception as e: print(bad, "!!", type(e).__name__, e)
class Scopes:
    v = "class"
    def m[T](self, x=(lambda: v)() if False else v): return x
    def n[v](self): return v
    w = [u for u in v]
print(Scopes().m(), Scopes().n(), Scopes.w)
def shadow[T](T): return T
print(shadow(5), shadow.__type_params__)
def outer[T]():
    def inner(): nonlocal_T = T; return nonlocal_T
    return inner() is outer.__type_params__[0]
print(outer())
class Mangled:
    def f[__T](self): return __T
    def g[__T: int](self, x: __T): return [p.__name__ for p in Mangled.g.__type_params__]
print(Mangled().f(), Mangled().g(1))
try: exec("def f[T]():\n def g():\n  nonlocal T\n  T = 1")
except SyntaxError as e: print(e.msg)
for bad in ("def f[T, T](): pass", "def f[T = int, U](): pass", "class A[T: (yield)]: pass", "type X[T: await y] = 1", "def f[*Ts: int](): pass", "def f[**P: int](): pass", "class A[T](x := 1): pass", "type X = (yield)", "def f[T](): global T", "class A[]: pass", "type X[*Ts = *int] = 1", "def f[*Ts = *tuple[int]](): pass", "def f[T = *int](): pass", "type X[__debug__] = 1"):
    try: compile(bad, "<c>", "exec"); print(bad, "fine")
    except SyntaxError as e: print(bad, "|", e.msg, e.offset, e.end_offset)
for make in ("typing.TypeVar('T', int)", "typing.TypeVar('T', bound=int, covariant=True)", "typing.TypeVar('T', int, str, bound=int)", "typing.TypeVar('T', covariant=True, contravariant=True)", "typing.TypeVar('T', default=int).has_default()", "typing.ParamSpec('P', bound=1)", "typing.TypeVarTuple('Ts', default=typing.Unpack[tuple[int]])", "typing.NoDefault", "type(typing.NoDefault)()"):
    try: print(make, "->", eval(make))
    except Exception as e: print(make, "!!", type(e).__name__, e)
