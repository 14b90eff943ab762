# WeakValueDictionary, WeakKeyDictionary, WeakSet, WeakMethod, finalize.
import weakref


class C:
    def __init__(self, n):
        self.n = n

    def method(self):
        return self.n

    def __repr__(self):
        return f"C{self.n}"


a, b = C(1), C(2)
values = weakref.WeakValueDictionary(a=a, b=b)
print(len(values), values["a"], "b" in values, sorted(values), sorted(map(repr, values.values())))
del a
print(len(values), "a" in values, values.get("a"), list(values.items()))
try:
    values["a"]
except KeyError as e:
    print("KeyError", e)
keys = weakref.WeakKeyDictionary()
keys[b] = "value of b"
c = C(3)
keys[c] = "value of c"
print(len(keys), keys[c], c in keys, C(9) in keys)
del c
print(len(keys), list(keys.items()))
members = weakref.WeakSet([b, C(4)])
d = C(5)
members.add(d)
print(len(members), d in members, sorted(m.n for m in members))
del d
print(len(members), list(members))
m = weakref.WeakMethod(b.method)
print(m()(), m() == b.method)
log = []
f = weakref.finalize(b, log.append, "b finalised")
g = weakref.finalize(b, log.append, "second")
h = weakref.finalize(b, log.append, "never")
print(f.alive, f.peek()[2], h.detach() is not None, h.alive)
del b
print(len(values), len(keys), len(members), m(), f.alive, log)
print(f(), g.alive)
e = C(6)
f = weakref.finalize(e, lambda x: x * 2, 21)
print(f(), f(), f.alive)
last = weakref.finalize(e, print, "finalised at exit")
quiet = weakref.finalize(e, print, "not at exit")
quiet.atexit = False
print("end of program")
