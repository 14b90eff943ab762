# PEP 649 and 749: annotations of functions, classes and modules are made when they are asked for.
from annotationlib import Format, get_annotations
def log(x): print("  evaluated", x); return x
def f(a: log(1), b: Later = 2, *args: log("args"), c: "text", **k: log("k")) -> log("return"): pass
print("defined", f.__annotate__.__name__, f.__annotate__.__qualname__)
try: f.__annotations__
except NameError as e: print(e)
print(get_annotations(f, format=Format.FORWARDREF)["b"].__forward_arg__)
print(get_annotations(f, format=Format.STRING))
Later = int
print(f.__annotations__); print(f.__annotations__ is f.__annotations__)
f.__annotations__ = {"x": 1}; print(f.__annotate__, get_annotations(f))
f.__annotate__ = lambda format: {"made": format}; print(f.__annotations__)
for change in ("f.__annotate__ = 1", "f.__annotations__ = 5", "del f.__annotate__", "f.__annotate__ = lambda format: 7; f.__annotations__", "f.__annotate__ = lambda: 0; f.__annotations__"):
    try: exec(change); print(change)
    except Exception as e: print(change, type(e).__name__, e)
class C:
    x: log("x")
    y: C
    z: undefined | None
    if True: w: int = 1
    (p): str
    def method(self, other: C, later: D) -> D: pass
    for i in range(2): exec("q: int")
print(get_annotations(C, format=Format.STRING))
try: C.__annotations__
except NameError as e: print(e)
undefined = int
print(C.__annotations__ == {"x": "x", "y": C, "z": int | None, "w": int}, list(C.__annotations__))
print(C.__annotate__(1).keys() == C.__annotations__.keys())
try: C.__annotate__(3)
except NotImplementedError as e: print("not implemented", e)
class D(C): pass
print(D.__annotations__, D.__annotate__, C.method.__annotations__ == {"other": C, "later": D, "return": D})
print("__annotations__" in C.__dict__, "__annotate__" in C.__dict__, [n for n in C.__dict__ if "annot" in n])
class Meta(type): m: int
class E(metaclass=Meta): e: str
print(E.__annotations__, Meta.__annotations__)
del E.__annotations__; print(E.__annotations__)
def outer():
    local = float
    def inner(a: local, b: cell) -> local: return 1
    class K: v: local; u: cell
    cell = str
    return inner, K
inner, K = outer()
print(inner.__annotations__, K.__annotations__, inner.__annotate__.__closure__ is not None)
class Scope:
    T = int
    def m(self, x: T) -> T: pass
    y: T
    T = str
print(Scope.m.__annotations__, Scope.__annotations__)
x: log("module")
module_level: int = 1
if False: never: str
print(__annotate__(1)); import sys; print(sys.modules["__main__"].__annotations__)
def conditional(flag):
    class L:
        if flag: yes: int
        else: no: str
    return L.__annotations__
print(conditional(True), conditional(False))
def g[T](x: T) -> list[T]: pass
print(g.__annotations__, g.__type_params__)
print((lambda: 1).__annotations__, len.__class__.__name__, hasattr(len, "__annotations__"))
exec("from __future__ import annotations\ndef h(a: no.such.thing = 1) -> 'q' | [x for x in y]: pass\nclass F: a: not_defined\nprint(h.__annotations__, F.__annotations__, h.__annotate__ is None)")
for bad in ("def f(x: (yield)): pass", "x: (y := 1)", "class A: x: (await z)", "def f() -> (yield): pass", "x: (yield from y)"):
    try: compile(bad, "<c>", "exec"); print(bad, "fine")
    except SyntaxError as e: print(bad, "|", e.msg, e.lineno, e.offset, e.end_offset)
