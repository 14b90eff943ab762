# modes: auto
# The gc module: arguments, results and messages of every function, callbacks, debug flags, freeze, and what is tracked.
import gc, io, sys
gc.disable(); gc.collect()
for text in """
gc.isenabled()
gc.enable()
gc.isenabled()
gc.disable(1)
gc.disable()
gc.set_threshold(500)
gc.get_threshold()
gc.set_threshold(500, 5, 6)
gc.get_threshold()
gc.set_threshold()
gc.set_threshold('a')
gc.set_threshold(1, 2, 3, 4)
gc.set_threshold(700, 10, 10)
gc.collect(0) >= 0
gc.collect(generation=1) >= 0
gc.collect(3)
gc.collect(-1)
gc.collect('a')
gc.collect(1, 2)
gc.collect(gen=1)
len(gc.get_count())
gc.get_count(1)
[sorted(s) for s in gc.get_stats()]
gc.get_debug()
gc.set_debug(0)
gc.set_debug('x')
gc.set_debug()
gc.DEBUG_STATS, gc.DEBUG_COLLECTABLE, gc.DEBUG_UNCOLLECTABLE, gc.DEBUG_SAVEALL, gc.DEBUG_LEAK
gc.get_objects(5)
gc.get_objects(generation=None) is not None
gc.get_referents()
gc.get_referents(1, 'a', None)
sorted(gc.get_referents([1, 2], (3,), {4: 5}))
gc.get_referrers()
gc.garbage
gc.callbacks
gc.get_freeze_count()
gc.is_tracked()
gc.is_tracked(1, 2)
gc.is_finalized()
gc.freeze(1)
""".strip().splitlines():
    try: print(text, "->", eval(text))
    except Exception as e: print(text, "!!", type(e).__name__, e)
class C: pass
class S: __slots__ = ()
class S1: __slots__ = ("a",)
class F:
    def __del__(self): pass
def g(): yield
for x in (1, 1.5, "a", b"a", None, True, (), (1,), ([],), ("a", 1), [], {}, {"a": 1}, {"a": []}, set(), frozenset(), frozenset([1]), object(), C(), S(), S1(), C, int, len, g, g(), range(3), slice(1), C().__init__, [].append, sys, iter([]), iter({}), {}.keys(), Exception(), property(), memoryview(b""), bytearray(), ..., type, super(C, C()), enumerate([]), zip(), map(len, []), reversed([]), gc.collect, list[int], int | str, complex(1), staticmethod(len)):
    print(type(x).__name__, gc.is_tracked(x), end="; ")
print()
f = F(); print(gc.is_finalized(f), gc.is_finalized(1)); del f
def log(phase, info): print("  ", phase, sorted(set(info) - {"candidates", "duration"}), info["generation"], info["collected"] > 0 if phase == "stop" else "")
gc.callbacks.append(log)
a = C(); a.self = a; del a
print(gc.collect() > 0); print(gc.collect(0)); gc.callbacks.remove(log)
def bad(phase, info): raise ValueError("in callback")
sys.unraisablehook = lambda u: print("   unraisable", u.exc_value, u.err_msg[:40])
gc.callbacks.append(bad); gc.collect(); gc.callbacks.clear()
gc.set_debug(gc.DEBUG_SAVEALL); a = [C()]; a.append(a); del a; n = gc.collect(); print(n >= 1, [type(x).__name__ for x in gc.garbage if type(x) in (list, C)]); gc.garbage.clear(); gc.set_debug(0); gc.collect()
keep = [C() for _ in range(5)]; gc.freeze(); print(gc.get_freeze_count() > 5, any(x is keep for x in gc.get_objects())); gc.unfreeze(); print(gc.get_freeze_count(), any(x is keep for x in gc.get_objects()))
young = [C()]; print([any(x is young for x in gc.get_objects(generation=n)) for n in range(3)]); gc.collect(); print([any(x is young for x in gc.get_objects(generation=n)) for n in range(3)])
holder = [young]; d = {"k": young}; o = C(); o.attr = young
print(sorted(type(r).__name__ for r in gc.get_referrers(young) if r is not globals() and not hasattr(r, "f_code")))
print(sorted(type(r).__name__ for r in gc.get_referents(o)), [type(r).__name__ for r in gc.get_referents(C)][:0], gc.get_referents(iter(holder))[0] is holder)
s = gc.get_stats()[2]["collections"]; gc.collect(); print(gc.get_stats()[2]["collections"] - s)
a = C(); a.x = a; b = [a]; del a; print(gc.collect()); del b; print(gc.collect() in (1, 2))
