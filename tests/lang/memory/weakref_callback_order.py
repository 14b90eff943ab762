# The order of weak reference callbacks and finalizers: with the object alive, dying, in cycles, callbacks that change things, errors.
import gc, sys, weakref
gc.disable()
class T:
    def __init__(self, name): self.name = name
    def __repr__(self): return self.name
class D(T):
    def __del__(self): print("  del", self.name)
def cb(label): return lambda r: print("  callback", label, r() is None)
def case(f):
    print(f.__name__); f(); print("  end")
@case
def newest_first():
    t = T("t"); a, b, c = (weakref.ref(t, cb(n)) for n in "abc"); del t; print("  ", a() is b() is c() is None)
@case
def dead_reference_not_called():
    t = T("t"); a = weakref.ref(t, cb("a")); b = weakref.ref(t, cb("b")); del a; del t
@case
def del_before_callbacks():
    t = D("t"); r = weakref.ref(t, cb("r")); del t
@case
def shared_reference():
    t = T("t"); print("  ", weakref.ref(t) is weakref.ref(t), weakref.ref(t, None) is weakref.ref(t), weakref.ref(t, cb("x")) is weakref.ref(t, cb("x")), weakref.getweakrefcount(t))
    k = [weakref.ref(t), weakref.ref(t, cb("k")), weakref.proxy(t), weakref.proxy(t, lambda p: print("  callback p"))]
    print("  ", weakref.getweakrefcount(t), [type(r).__name__ for r in weakref.getweakrefs(t)]); del t
@case
def cycle_with_reference_inside():
    a, b = D("a"), D("b"); a.other, b.other = b, a; a.ref = weakref.ref(b, cb("inside")); outside = weakref.ref(a, cb("outside a")); outside_b = weakref.ref(b, cb("outside b"))
    del a, b; print("  collected", gc.collect() > 0)
@case
def callback_resurrects_others():
    t, u = T("t"), T("u"); keep = []; r = weakref.ref(t, lambda r, u=u: keep.append(u)); del u; del t; print("  ", keep)
@case
def resurrection_in_del():
    saved = []
    class R(T):
        def __del__(self): print("  del"); saved.append(self)
    t = R("t"); r = weakref.ref(t, cb("r")); del t; print("  ", r() is None, saved); saved.clear(); print("  cleared")
@case
def callback_deletes_other_reference():
    t = T("t"); refs = {}
    refs["b"] = weakref.ref(t, cb("b")); refs["a"] = weakref.ref(t, lambda r: (print("  a removes b"), refs.pop("b"))); del t
@case
def callback_makes_reference():
    t = T("t"); u = T("u"); made = []
    r = weakref.ref(t, lambda r: made.append(weakref.ref(u, cb("made")))); del t; del u
@case
def error_in_callback():
    sys.unraisablehook = lambda u: print("  unraisable", u.exc_type.__name__, u.exc_value, type(u.object).__name__, u.err_msg[:35])
    t = T("t"); a = weakref.ref(t, lambda r: 1 / 0); b = weakref.ref(t, cb("b still called")); del t
    x = D("x"); x.__class__.__del__ = lambda self: {}["missing"]; del x
    sys.unraisablehook = sys.__unraisablehook__; D.__del__ = lambda self: print("  del", self.name)
@case
def finalize_order():
    t = T("t"); fs = [weakref.finalize(t, print, "  finalize", n) for n in range(3)]; print("  ", fs[0].alive, fs[0].atexit, fs[1].peek()[1] is print)
    fs[1].detach(); fs[0](); del t; print("  ", [f.alive for f in fs])
@case
def containers():
    t, u = T("t"), T("u")
    k, v, s = weakref.WeakKeyDictionary({t: 1, u: 2}), weakref.WeakValueDictionary(a=t, b=u), weakref.WeakSet([t, u])
    print("  ", len(k), len(v), len(s)); del t; print("  ", list(k.items()), list(v.items()), list(s))
    for x in k: del u; print("  in loop", len(k)); break
    x = None; print("  ", len(k), len(v), len(s))
@case
def methods():
    class M:
        def m(self): return "called"
    o = M(); r = weakref.WeakMethod(o.m, cb("method")); print("  ", r()()); plain = weakref.ref(o.m); print("  ", plain()); del o; print("  ", r())
@case
def proxies():
    t = T("t"); p = weakref.proxy(t); p.x = 5; print("  ", t.x, p.name, repr(p)[:10] != "", p == t, hash is hash)
    for f in (hash, lambda p: p(), lambda p: p[0], lambda p: p + 1, len, iter):
        try: print("  ", f(p))
        except TypeError as e: print("  ", e)
    del t
    for f in (lambda p: p.name, str, lambda p: p == 1, bool, lambda p: setattr(p, "x", 1), lambda p: p + 1):
        try: print("  ", f(p))
        except ReferenceError as e: print("  ", type(e).__name__, e)
@case
def what_can_be_referenced():
    for x in (1, "a", None, (), [], {}, set(), frozenset(), object(), int, len, print, lambda: 0, T, T("t"), T("t").__repr__, (i for i in ()), range(1), 1.5, b"", bytearray(), memoryview(b""), type(sys), sys, slice(1), iter([]), property(), staticmethod(len), Exception(), ...):
        try: weakref.ref(x); print(type(x).__name__, "yes", end=" ")
        except TypeError as e: print(f"<{e}>", end=" ")
    print()
@case
def equality():
    class E(T):
        def __eq__(self, o): return self.name == o.name
        def __hash__(self): return hash(self.name)
    a, b = E("same"), E("same"); ra, rb = weakref.ref(a), weakref.ref(b); print("  ", ra == rb, hash(ra) == hash(rb), ra != rb); x = weakref.ref(E("gone"))
    del a; print("  ", ra == rb, hash(ra) == hash(rb), ra == ra)
    for bad in (lambda: hash(x), lambda: ra < rb, lambda: ra.x, lambda: weakref.ref(), lambda: weakref.ref(b, 1, 2), lambda: weakref.ref(b, callback=None), lambda: ra(1), lambda: weakref.proxy(1), lambda: weakref.WeakMethod(1), lambda: weakref.finalize(1)):
        try: print("  ", bad())
        except Exception as e: print("  ", type(e).__name__, e)
