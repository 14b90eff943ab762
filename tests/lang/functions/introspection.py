# Attributes of functions and code objects.
def f(a, b=2, /, c=3, *args, d, e: int = 5, **kw) -> "r":
    """doc"""
    local = a
    return local


print(f.__name__, f.__qualname__, f.__module__, f.__doc__, f.__defaults__, f.__kwdefaults__, f.__annotations__, f.__dict__, f.__closure__, f.__type_params__)
code = f.__code__
print(code.co_name, code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_nlocals, code.co_varnames, code.co_freevars, code.co_cellvars, code.co_firstlineno, bool(code.co_flags & 4), bool(code.co_flags & 8), bool(code.co_flags & 32), code.co_qualname)
f.attribute = 1
f.__name__ = "renamed"
f.__defaults__ = (10, 20)
f.__kwdefaults__ = {"d": 1, "e": 2}
print(f.attribute, f.__name__, f(0), f.__dict__)
for bad in (lambda: setattr(f, "__name__", 5), lambda: setattr(f, "__defaults__", 5), lambda: setattr(f, "__code__", 5), lambda: setattr(f, "__closure__", ()), lambda: setattr(f, "__dict__", 5), lambda: setattr(len, "x", 1), lambda: f.nothing):
    try:
        bad()
    except (TypeError, AttributeError) as e:
        print(type(e).__name__, e)


def g(): return "g's body"


def h(): return "h's body"


h.__code__ = g.__code__
print(h(), h.__name__)


def outer():
    x = 1

    def inner():
        return x
    return inner


i = outer()
print(i.__qualname__, i.__closure__[0].cell_contents, i.__code__.co_freevars, outer.__code__.co_cellvars)
i.__closure__[0].cell_contents = 99
print(i())
lam = lambda x: x
print(lam.__name__, lam.__qualname__, type(lam).__name__, type(code).__name__, type(i.__closure__[0]).__name__)
Function = type(f)
made = Function(g.__code__, {}, "made", (1,), None)
print(made(), made.__name__, made.__defaults__)


class C:
    def m(self): pass

    @staticmethod
    def s(): pass

    @classmethod
    def c(cls): pass


print(C.m.__qualname__, C().m.__name__, C().m.__func__ is C.m, C.c.__self__ is C, C.s.__qualname__, C.__dict__["s"].__func__ is C.s, C().m == C().m, repr(C.m).split(" at ")[0], repr(len), repr(C().m).split(" of ")[0], repr([].append).split(" at ")[0])
print(f.__call__(1), f.__get__(5).__self__, callable(f), bool(f), f == f, {f: 1}[f], f.__code__ == f.__code__, hash(f) == hash(f))
gen = (x for x in [])
print(gen.__name__, gen.__qualname__, compile("x = 1", "n", "exec").co_names, compile("x = 5", "n", "exec").co_consts[0])
