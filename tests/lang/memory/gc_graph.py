# modes: auto
# Referents, referrers, tracking, generations of objects.
import gc


class Box:
    def __init__(self, x):
        self.x = x


inner = ["inner"]
box = Box(inner)
holder = {"h": inner}
both = (inner, box)
print([r is inner for r in gc.get_referents(holder) if type(r) is list], len(gc.get_referents([1, [], {}])), gc.get_referents(5), gc.get_referents())
print(any(r is holder for r in gc.get_referrers(inner)), any(r is both for r in gc.get_referrers(inner, box)), gc.get_referrers(object()))
print(any(r is inner for r in gc.get_referents(box)) or any(r is inner for r in gc.get_referents(vars(box))))
for value in (1, 1.5, "s", b"b", None, True, 1j, range(3)):
    print(type(value).__name__, gc.is_tracked(value), end="; ")
print()
for value in ([], {}, {1: 2}, set(), frozenset([1]), lambda: 1, Box, box, (x for x in ()), iter([]), gc, len, [].append, slice(1), type(None).__dict__):
    print(type(value).__name__, gc.is_tracked(value), end="; ")
print()
t = (1, "a", None)
u = ([], 1)
gc.collect()
print(gc.is_tracked(()), gc.is_tracked(u), gc.is_tracked((1, (2, [])) and u))
gc.collect()
fresh = [object()]
print([any(x is fresh for x in gc.get_objects(generation=g)) for g in range(3)])
gc.collect(0)
print([any(x is fresh for x in gc.get_objects(generation=g)) for g in range(3)])
gc.collect(1)
print([any(x is fresh for x in gc.get_objects(generation=g)) for g in range(3)], any(x is fresh for x in gc.get_objects()))


class F:
    def __del__(self):
        global kept
        kept = self


f = F()
print(gc.is_finalized(f), gc.is_finalized(3), gc.is_finalized([]))
del f
print(gc.is_finalized(kept))
