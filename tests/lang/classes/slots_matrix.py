# __slots__: with dicts, weak references, inheritance, conflicts, class changes, copying, sizes and errors.
import copy, weakref
def attempt(text, **more):
    try:
        try: print(text, "->", eval(text, globals() | more))
        except SyntaxError: exec(text, globals(), more); print(text, "done")
    except Exception as e: print(text, "!!", type(e).__name__, e)
class A: __slots__ = ("a", "b")
class B(A): __slots__ = ("c",)
class D(A): pass
class W(A): __slots__ = ("__weakref__",)
class X(A): __slots__ = ("__dict__", "x")
class S: __slots__ = "single"
class M: __slots__ = {"documented": "its text", "other": None}
class P: __slots__ = ("__private", "_one", "__dunder__")
class E: __slots__ = ()
for text in ("A().a", "A().z", "setattr(A(), 'z', 1)", "setattr(B(), 'a', 1)", "B().__slots__", "B.a", "A.a", "type(A.a).__name__", "A.a.__objclass__", "A.a.__name__", "A.a.__doc__", "M.documented.__doc__", "M.__slots__", "A().__dict__", "D().__dict__", "X().__dict__", "weakref.ref(A())", "weakref.ref(W()) is not None", "weakref.ref(D()) is not None", "A.__dict__.get('__weakref__')", "S().single", "P._P__private", "P.__slots__", "E().x", "A.__basicsize__ < B.__basicsize__", "hasattr(A(), 'a')", "vars(A())", "A.a.__get__(5)", "A.a.__get__(B())", "A.a.__set__(5, 1)", "A.a.__delete__(A())", "delattr(A(), 'a')", "A.__slots__ + B.__slots__"):
    attempt(text)
for body in ("class T: __slots__ = ('a', 1)", "class T: __slots__ = ('a b',)", "class T: __slots__ = ('',)", "class T: __slots__ = 5", "class T: __slots__ = ('a',); a = 1", "class T: __slots__ = ('a', 'a')", "class T: __slots__ = ('__dict__', '__dict__')", "class T(D): __slots__ = ('__dict__',)", "class T(D): __slots__ = ('__weakref__',)", "class T(int): __slots__ = ('a',)", "class T(int): __slots__ = ()", "class T(tuple): __slots__ = ('a',)", "class T(list): __slots__ = ('a',)", "class T(bytes): __slots__ = ('__dict__',)", "class T(A, S): pass", "class T(A, E): pass", "class T(B, W): pass", "class T(B, X): pass", "class T(B, A): pass", "class T(S, D): pass", "class T(type): __slots__ = ('a',)", "class T: __slots__ = iter(('i', 'j'))", "class T: __slots__ = ['l']; print(__slots__)", "class T(Exception): __slots__ = ('a',)", "class T: __slots__ = b'x'", "class T: __slots__ = ('\\ud800',)", "class T: __slots__ = (str('n'),); n: int"):
    attempt(body)
b = B(); b.a, b.c = 1, 2
for text in ("copy.copy(b).a", "copy.deepcopy(b).c", "b.__reduce_ex__(2)[2]", "b.__reduce_ex__(1)", "b.__reduce__()", "b.__getstate__()", "A().__getstate__()", "D().__getstate__()", "E().__getstate__()", "object().__getstate__()"): attempt(text)
x = X(); x.a = 1; x.q = 2
print(x.__getstate__(), vars(x), sorted(copy.copy(x).__dict__), copy.copy(x).a)
class A2: __slots__ = ("a", "b")
class A3: __slots__ = ("b", "a")
class A4: __slots__ = ("a", "c")
class N: pass
class N2: pass
for new in ("A2", "A3", "A4", "B", "D", "N", "E", "int"): attempt(f"setattr(A(), '__class__', {new})")
for old, new in (("N()", "N2"), ("N()", "A"), ("N()", "object"), ("D()", "N"), ("1", "bool"), ("[]", "list"), ("N", "type"), ("N()", "5")): attempt(f"setattr({old}, '__class__', {new})")
a = A(); a.a = 5; a.__class__ = A2; print(type(a).__name__, a.a)
class Finalized:
    __slots__ = ("x", "y")
    def __init__(self, n): self.n = n if False else None
    def __init__(self, x, y): self.x, self.y = x, y
class Dies:
    def __init__(self, n): self.n = n
    def __del__(self): print("-", self.n)
f = Finalized(Dies("x"), Dies("y")); del f.x; print("x deleted"); f.y = 1; print("y replaced"); f.x = Dies("z"); del f; print("gone")
f = Finalized(Dies("first"), Dies("second")); del f
attempt("A.a.__set_name__"); attempt("A().a.b"); attempt("object().x"); attempt("setattr(object(), 'x', 1)"); attempt("delattr(object(), 'x')"); attempt("setattr(1, 'real', 2)"); attempt("setattr(1, 'x', 2)"); attempt("setattr(int, 'x', 2)"); attempt("delattr(int, 'real')"); attempt("setattr(None, 'x', 1)"); attempt("setattr(len, 'x', 1)"); attempt("setattr([].append, 'x', 1)"); attempt("[].append.__self__"); attempt("setattr('', '__class__', str)")
