# copy, deepcopy and pickle over every builtin kind and over classes with each of the hooks.
import copy, pickle, sys
sys.modules["__main__"].__dict__.setdefault("x", 1)
class Plain:
    def __init__(self, a): self.a = a
    def __eq__(self, o): return type(self) is type(o) and self.__dict__ == o.__dict__
    __hash__ = object.__hash__
class Slots:
    __slots__ = ("a", "b")
class State(Plain):
    def __getstate__(self): print("getstate", end=" "); return {"a": self.a * 2}
    def __setstate__(self, s): print("setstate", s, end=" "); self.a = s["a"]
class Args(Plain):
    def __new__(cls, *a, **k): print("new", a, k, end=" "); return super().__new__(cls)
    def __getnewargs__(self): return (self.a,)
class ArgsEx(Args):
    def __getnewargs_ex__(self): return (self.a,), {"k": 1}
    def __init__(self, *a, **k): self.a = a
class Reduce(Plain):
    def __reduce__(self): print("reduce", end=" "); return (Reduce, (self.a + 1,))
class ReduceEx(Plain):
    def __reduce_ex__(self, p): print("reduce_ex", p, end=" "); return (ReduceEx, (5,), {"extra": 1})
class Hooks(Plain):
    def __copy__(self): return "copied"
    def __deepcopy__(self, memo): return "deep", type(memo).__name__
class L(list): pass
class D(dict): pass
class S(set): pass
class I(int): pass
class T(tuple): pass
class Refuses:
    def __reduce_ex__(self, p): raise TypeError("refused")
class BadReduce:
    def __reduce_ex__(self, p): return 5
class ShortReduce:
    def __reduce_ex__(self, p): return (1,)
class E(Exception):
    def __init__(self, a, b=None): super().__init__(a); self.b = b
def func(): pass
s = Slots(); s.a = 1
l = L([1]); l.attr = 2
d = D(k=1); d.attr = 3
loop = [1]; loop.append(loop)
p = Plain(None); p.a = p
values = {"None": None, "int": 5, "big": 10**30, "complex": 1j, "str": "é\ud800", "bytearray": bytearray(b"a"), "list": [1, [2]], "tuple": (1, [2]), "flat tuple": (1, 2), "dict": {"a": [1]}, "set": {1}, "frozenset": frozenset([1]), "range": range(3), "slice": slice(1, 2), "Ellipsis": ..., "NotImplemented": NotImplemented, "type": int, "class": Plain, "function": func, "builtin": len, "method": [1].append, "bound": Plain(1).__eq__, "lambda": lambda: 0, "generator": (i for i in ()), "module": sys, "property": property(), "Plain": Plain([1]), "Slots": s, "State": State(1), "Args": Args(1), "ArgsEx": ArgsEx(1), "Reduce": Reduce(1), "ReduceEx": ReduceEx(1), "Hooks": Hooks(1), "L": l, "D": d, "S": S([1]), "I": I(5), "T": T([1]), "Refuses": Refuses(), "BadReduce": BadReduce(), "ShortReduce": ShortReduce(), "E": E("x", 5), "ValueError": ValueError("a", 1), "KeyError": KeyError("k"), "OSError": OSError(2, "x", "f"), "group": ExceptionGroup("g", [ValueError(1)]), "alias": list[int], "union": int | str, "object": object(), "iterator": iter([1, 2]), "dict view": {1: 2}.keys()}
def show(v):
    state = getattr(v, "__dict__", None) if not isinstance(v, (type, type(func), type(sys))) else None
    text = ascii(v) if " at 0x" not in ascii(v) else type(v).__name__
    return text + (f" {state}" if state and "0x" not in str(state) else "")
for name, v in values.items():
    print(name, end=": ")
    for f in (copy.copy, copy.deepcopy, lambda v: pickle.loads(pickle.dumps(v)), lambda v: pickle.loads(pickle.dumps(v, 0)), lambda v: pickle.loads(pickle.dumps(v, 2))):
        try: r = f(v); print("same" if r is v else show(r), end=" | ")
        except Exception as e: print(type(e).__name__, str(e).split(" at 0x")[0].split("<")[0], end=" | ")
    print()
c = copy.deepcopy(loop); print(c[1] is c, c is loop); c = pickle.loads(pickle.dumps(loop)); print(c[1] is c); c = copy.deepcopy(p); print(c.a is c)
shared = [1]; c = copy.deepcopy([shared, shared]); print(c[0] is c[1], c[0] is shared); c = pickle.loads(pickle.dumps([shared, shared])); print(c[0] is c[1]); memo = {id(shared): "memo"}; print(copy.deepcopy([shared], memo))
print(copy.replace(slice(1), stop=2) if hasattr(slice, "__replace__") else "no replace"); 
