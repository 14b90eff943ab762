# Metaclasses: choosing the most derived, __prepare__, keywords, __call__, __instancecheck__, mro(), conflicts, __classcell__, names and errors.
def attempt(text, space=None):
    try: exec(text, globals() if space is None else space); print(text.splitlines()[0], "done")
    except Exception as e: print(text.splitlines()[0], "!!", type(e).__name__, e)
class M(type):
    @classmethod
    def __prepare__(mcs, name, bases, **k): print("  prepare", mcs.__name__, name, [b.__name__ for b in bases], k); return {"prepared": 1}
    def __new__(mcs, name, bases, ns, **k): print("  new", name, sorted(n for n in ns if not n.startswith("__"))); return super().__new__(mcs, name, bases, ns)
    def __init__(cls, name, bases, ns, **k): print("  init", name, k); super().__init__(name, bases, ns)
    def __call__(cls, *a, **k): print("  call", cls.__name__, a, k); return super().__call__(*a, **k)
    def __instancecheck__(cls, x): return x == "instance of " + cls.__name__
    def __subclasscheck__(cls, x): return x is int
    def __len__(cls): return 7
    def __getitem__(cls, k): return f"{cls.__name__}[{k}]"
    def __contains__(cls, k): return k == 1
    def __iter__(cls): return iter(cls.__name__)
    def __repr__(cls): return f"<M {cls.__name__}>"
    def __bool__(cls): return False
    def __add__(cls, other): return f"{cls!r}+{other!r}"
    def __getattr__(cls, n):
        if n == "meta_made": return "made by meta"
        raise AttributeError(n)
    def __dir__(cls): return ["z", "a"]
    def __eq__(cls, other): return other == cls.__name__ or cls is other
    __hash__ = type.__hash__
class A(metaclass=M, key=1): x = 1
class B(A, other=2): y = 2
print(A, len(A), A["k"], 1 in A, list(A), bool(A), A + 1, A.meta_made, dir(A), A == "A", isinstance("instance of A", A), isinstance(1, A), issubclass(int, A), issubclass(str, A), isinstance(A, M), {A: 1}[A])
B(); A.prepared
class M2(M): pass
class N(type): pass
class C(A, metaclass=M2): pass
print(type(C).__name__)
attempt("class D(A, metaclass=N): pass"); attempt("class D(C, metaclass=M): pass"); print(type(D).__name__)
class NB(metaclass=N): pass
attempt("class D(A, NB): pass")
attempt("class D(metaclass=print): pass"); print(D)
attempt("class D(metaclass=lambda *a, **k: (a[0], a[1], k), z=1): pass"); print(D)
attempt("class D(metaclass=5): pass"); attempt("class D(5): pass"); attempt("class D(metaclass=type, x=1): pass"); attempt("class D(int, str): pass"); attempt("class D(A, A): pass"); attempt("class D(object, A): pass"); attempt("class D(bool): pass"); attempt("class D(type(None)): pass"); attempt("class D(len): pass"); attempt("class D(type(len)): pass"); attempt("class D(*[A], **{'k': 1}): pass"); attempt("class D(list, tuple): pass"); attempt("class D(int, Exception): pass")
class P(type):
    @classmethod
    def __prepare__(mcs, name, bases): return 5
attempt("class D(metaclass=P): pass")
class Pre:
    def __init__(self): self.order = []
    def __setitem__(self, k, v): self.order.append(k)
    def __getitem__(self, k): raise KeyError(k)
class P2(type):
    @classmethod
    def __prepare__(mcs, name, bases): return Pre()
    def __new__(mcs, name, bases, ns): return ns.order
class Q(metaclass=P2):
    a = 1
    def f(self): pass
    class Inner: pass
    for i in range(1): pass
print(Q)
class Mro(type):
    def mro(cls): print("  mro of", cls.__name__); return type.mro(cls)[:1] + [int] if cls.__name__ == "Bad" else type.mro(cls)
class R(metaclass=Mro): pass
class R2(R): pass
R2.__bases__ = (R,)
attempt("class Bad(metaclass=Mro): pass")
class Mro2(type):
    def mro(cls): return 5 if cls.__name__ == "Five" else [cls] if cls.__name__ == "Alone" else [cls, "x", object]
for n in ("Five", "Alone", "Str"): attempt(f"class {n}(metaclass=Mro2): pass")
class Cell(type):
    def __new__(mcs, name, bases, ns):
        if name == "Lost": ns.pop("__classcell__", None)
        if name == "Wrong": ns["__classcell__"] = 5
        return super().__new__(mcs, name, bases, ns)
for n in ("Kept", "Lost", "Wrong"): attempt(f"class {n}(metaclass=Cell):\n def f(self): return __class__")
for call in ("type()", "type(1, 2)", "type('a', (), {}, 5)", "type(1, (), {})", "type('a', [], {})", "type('a', (), [])", "type('a', (5,), {})", "type('a\\0b', (), {})", "type('a', (), {}, k=1)", "type('T', (), {'__slots__': 5})", "type('', (), {}).__name__", "type('T', (), {'__module__': 'm', '__qualname__': 'Q.T'})", "type('T', (), {'__qualname__': 5})", "type('T', (), {'__doc__': 5}).__doc__", "type.__new__(type)", "type.__call__(int, '5')", "object.__new__(5)", "object.__new__(int)", "int.__new__(str)", "int.__new__(bool, 1)", "object(1)", "type('T', (), {'__init__': lambda s, x: None})()", "type('T', (), {'__new__': lambda c, x: object.__new__(c)})(1).__class__.__name__", "type('T', (), {'__new__': lambda c, x: object.__new__(c, x)})(1)"):
    try: print(call, "->", eval(call))
    except Exception as e: print(call, "!!", type(e).__name__, e)
for change in ("A.__name__ = 5", "A.__name__ = 'Renamed'; print(A)", "A.__qualname__ = None", "A.__bases__ = ()", "A.__bases__ = (int,)", "A.__bases__ = (B,)", "A.__bases__ = 5", "A.__module__ = 5; print(A.__module__)", "del A.__name__", "del A.__bases__", "A.__dict__ = {}", "A.__dict__['x'] = 1", "A.__mro__ = ()", "A.__doc__ = 'd'; print(A.__doc__)", "int.__doc__ = 1", "A.__class__ = type; print(type(A))", "A.__class__ = 5", "A.__abstractmethods__", "A.__abstractmethods__ = ['f']; A()"): attempt(change)
