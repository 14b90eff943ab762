# Attributes of functions, methods, builtins and code objects: reading, setting, deleting, wrong types, and how they show.
import types, inspect
def f(a, b=1, /, c=2, *args, d, e=3, **kw) -> int:
    "doc"
    x = a
    def inner(): return x
    return inner
class C:
    def m(self): pass
    @classmethod
    def c(cls): pass
    @staticmethod
    def s(): pass
def attempt(text):
    try:
        try: r = eval(text)
        except SyntaxError: exec(text, globals()); r = "done"
        print(text, "->", r if "0x" not in repr(r) else type(r).__name__)
    except Exception as e: print(text, "!!", type(e).__name__, str(e).split(" at 0x")[0])
for text in """f.__name__, f.__qualname__, f.__module__, f.__doc__
f.__defaults__, f.__kwdefaults__
f.__annotations__
f.__closure__, f(1, d=1).__closure__[0].cell_contents
f.__globals__ is globals(), f.__builtins__ is not None
f.__type_params__
f.__dict__
f.__name__ = 5
f.__name__ = 'renamed'; print(f.__name__, f.__code__.co_name)
f.__qualname__ = None
f.__defaults__ = 5
f.__defaults__ = (9, 8, 7); print(inspect.signature(f))
f.__defaults__ = None
del f.__defaults__
f.__kwdefaults__ = 5
f.__kwdefaults__ = {'d': 4}; print(inspect.signature(f))
f.__annotations__ = 5
f.__dict__ = 5
f.__dict__ = {'z': 1}; print(f.z)
del f.__dict__
f.__doc__ = 5; print(f.__doc__)
del f.__doc__; print(f.__doc__)
f.__code__ = 5
f.__code__ = (lambda: 1).__code__; print(f())
f.__code__ = (lambda x: lambda: x)(1).__code__
del f.__code__
f.__globals__ = {}
f.__closure__ = ()
f.__module__ = 5; print(f.__module__)
del f.__module__; print(f.__module__)
f.__type_params__ = 5
f.__type_params__ = ()
f.anything = 1; del f.anything
del f.anything
f.nothing
f.__call__.__name__
f.__get__(5).__self__
f.__get__(None, int) is f
f.__get__(None)
f.__get__()
f == f, f < f
hash(f) == hash(f)
C().m.__self__.__class__.__name__, C().m.__func__ is C.m, C().m.__name__, C().m.__doc__
C().m.x
C().m.x = 1
C.m.x = 1; print(C().m.x)
C().m == C().m, (lambda c: c.m == c.m)(C()), (lambda c: c.m is c.m)(C())
C.c.__self__ is C, C().c.__func__ is C.__dict__['c'].__func__
C.s.__qualname__, C.__dict__['s'].__wrapped__ is C.s
types.MethodType(f, 5).__self__
types.MethodType(5, 5)
types.MethodType(f, None)
types.MethodType(f)
types.FunctionType((lambda: 1).__code__, {})()
types.FunctionType(5, {})
types.FunctionType((lambda: 1).__code__, 5)
types.FunctionType((lambda: 1).__code__, {}, 5)
types.FunctionType((lambda: 1).__code__, {}, 'n', 5)
types.FunctionType((lambda x=1: x).__code__, {}, 'n', (7,))()
types.FunctionType((lambda: 1).__code__, {}, 'n', None, (types.CellType(1),))
types.CellType().cell_contents
types.CellType(5).cell_contents
types.CellType(1) == types.CellType(1), types.CellType(1) < types.CellType(2), types.CellType() < types.CellType(1)
types.CellType(1, 2)
len.__name__, len.__qualname__, len.__module__, len.__self__.__name__, len.__text_signature__
[].append.__self__, [].append.__qualname__, [].append.__module__
list.append.__objclass__, list.append.__name__, list.append.__qualname__, list.append.__text_signature__
list.append.__get__([1])(2)
list.append.__get__(5)
list.append(5, 1)
list.append.__call__([1], 2)
int.__add__.__objclass__, (1).__add__.__self__, int.__add__(1, 2), int.__add__(1)
int.__add__('a', 1)
str.upper.__get__('a', str)()
dict.fromkeys.__self__, dict.__dict__['fromkeys'].__get__(None, dict)('a')
len.__name__ = 'x'
len.x = 1
(1).__add__ == (1).__add__, [].append == [].append, (lambda l: l.append == l.append)([])
hash(len) == hash(len), len == print
inspect.signature(len), inspect.signature(C().m), inspect.signature(lambda *a, b=1, **k: 0)
type(f), type(len), type([].append), type(list.append), type(int.__add__), type((1).__add__), type(C.__dict__['c']), type(type.__dict__['__abstractmethods__'])
callable(C.__dict__['s']), callable(C.__dict__['c']), callable(property())""".splitlines(): attempt(text)
def g(a, b=2, *c, d, e=5, **h):
    x = 1
    for y in (): z = y
    return lambda: x
k = g.__code__
print(k.co_name, k.co_qualname, k.co_argcount, k.co_posonlyargcount, k.co_kwonlyargcount, k.co_nlocals, k.co_varnames, k.co_cellvars, k.co_freevars, k.co_flags & 0x2f, k.co_names, k.co_firstlineno > 1, k.co_filename.endswith(".py"))
for bad in ("k.co_name = 1", "k.nothing", "k()", "k.replace(co_name=5)", "k.replace(zzz=1)", "k.replace(1)", "k == k.replace(), k == k.replace(co_name='q'), hash(k) == hash(k.replace())", "exec(k)", "eval(g(1, d=2).__code__)", "exec(compile('x = 5', 'n', 'exec')), x", "compile('1', 'n', 'eval').co_name, compile('1', 'n', 'exec').co_filename"): attempt(bad)
for flags in (lambda: 0, lambda *a: 0, lambda **k: 0, (lambda: (yield))): print(flags.__code__.co_flags & 0x2c, end=" ")
async def co(): pass
async def ag(): yield
print(co.__code__.co_flags & 0x2a0, ag.__code__.co_flags & 0x2a0)
