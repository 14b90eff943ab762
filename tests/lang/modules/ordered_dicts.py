"""OrderedDict: the order and what changes it, subclasses, views, iterators, changes in between, and what is reached behind its back."""
import collections
import copy
import gc
import pickle
import sys
import weakref
from collections import OrderedDict as O


def tried(f):
    try:
        print(f())
    except Exception as error:
        print(type(error).__name__, error)


o = O([("a", 1), ("b", 2)], c=3, d=4)
print(o, len(o), "a" in o, o["c"], o.get("x"), list(o), list(reversed(o)))
o["a"] = 10
o.move_to_end("a")
print(o)
o.move_to_end("d", last=False)
o.move_to_end("d", False)
o.move_to_end("a")
print(o, list(o.values()), list(o.items()), list(reversed(o.items())), list(reversed(o.values())))
print(o.popitem(), o.popitem(last=False), o)
del o["b"]
o["b"] = 5
print(o, o.pop("c"), o.pop("c", 7), o.setdefault("e"), o.setdefault("b", 9), o)
print(o.keys(), o.values(), o.items(), O(), O().keys(), repr(O(x=O(y=1))))
print(o == O(b=5, e=None), o == O(e=None, b=5), o == {"e": None, "b": 5}, o != O(e=None, b=5), o != O(b=5, e=None), o == 5)
print(o.copy(), o.copy() == o, type(o | {"z": 1}), o | {"z": 1}, {"z": 1} | o)
o |= [("k", 1)]
print(o, O.fromkeys("xyx", 3), O.fromkeys("ab"), dict(o), {**o}, [*o])
print(o.keys() & {"k"}, o.keys() | {"q"} == {"b", "e", "k", "q"}, o.items() & {("k", 1)}, ("k", 1) in o.items(), 1 in o.values(), len(o.keys()))
o.clear()
print(o, list(o), o.keys())
o.update([("p", 1)], q=2)
o.update({"r": 3}, p=0)
o.update(O(q=9))
print(o)
s = O()
s["self"] = s
print(s)

for f in (
    lambda: O(1, 2), lambda: O([1]), lambda: O([(1,)]), lambda: O([(1, 2, 3)]), lambda: O(["ab", "cd"]), lambda: O([()]),
    lambda: O().update(1, 2), lambda: O().popitem(), lambda: O().popitem(last=False), lambda: O().move_to_end("a"),
    lambda: O(a=1).move_to_end("b"), lambda: O(a=1).move_to_end([]), lambda: O().pop("a"), lambda: O()["a"],
    lambda: O(a=1).__delitem__("b"), lambda: O() | 1, lambda: O().__ior__(5), lambda: O() < O(), lambda: hash(O()),
    lambda: O([([], 1)]), lambda: O().setdefault([], 1), lambda: O().pop([]), lambda: type(iter(O()))(), lambda: type(O().keys())(),
    lambda: O(self=1, other=2), lambda: O(None), lambda: O(a=1).move_to_end(key="a", last=False), lambda: O[int, str],
):
    tried(f)


class S(O):
    def __delitem__(self, k):
        print("del", k)
        super().__delitem__(k)

    def __setitem__(self, k, v):
        print("set", k)
        super().__setitem__(k, v)

    def __getitem__(self, k):
        print("get", k)
        return super().__getitem__(k)

    def __contains__(self, k):
        print("in", k)
        return super().__contains__(k)

    def __missing__(self, k):
        print("missing", k)
        return 5

    def keys(self):
        print("keys")
        return super().keys()

    def items(self):
        print("items")
        return super().items()


s = S(a=1, b=2, c=3)
print(s.pop("a"), s.pop("zz", 9), s.popitem(), s["no"])
print(s.setdefault("q", 4), s.setdefault("q", 5))
print(s)
c = s.copy()
print(type(c), s == c, s == {"b": 2, "q": 4}, s != c)
s.update(c, zz=3)
print(dict(s | {"m": 1}))
S.fromkeys("xy")
print(list(reversed(s)), dict(s), {**s})
print(s.__reduce__()[:4])
s.x = 5
for p in range(pickle.HIGHEST_PROTOCOL + 1):
    back = pickle.loads(pickle.dumps(O(b=1, a=[2]), p))
    print(p, back, list(pickle.loads(pickle.dumps(iter(back.items()), p))))
print(vars(copy.copy(s)), vars(copy.deepcopy(s)))
o = O(a=1)
o.x = [o]
print(o.__dict__.keys(), copy.copy(o).x is o.x, weakref.ref(o)() is o, o.__reduce__()[2].keys())

# Changes during iteration.
def during(change, *kinds):
    for kind in kinds or ("keys", "values", "items", "__iter__", "__reversed__"):
        o = O.fromkeys("abc", 0)
        seen = []
        try:
            iterator = iter(getattr(o, kind)())
            for item in iterator:
                seen.append(item)
                change(o)
                if len(seen) > 5:
                    break
        except (RuntimeError, KeyError) as error:
            print(kind, seen, type(error).__name__, error)
            tried(lambda: list(iterator))
        else:
            print(kind, seen, list(iterator))


during(lambda o: o.update(a=5))
during(lambda o: o.move_to_end("a"))
during(lambda o: o.pop("b", 0))
during(lambda o: o.clear())
during(lambda o: o.setdefault("d", 1))
during(lambda o: dict.pop(o, "c", 0))
during(lambda o: dict.__setitem__(o, "c", 5))
during(lambda o: (dict.pop(o, "b", 0), dict.__setitem__(o, "z", 5)))

# Behind its back.
o = O(spam=1, ham=2)
dict.__delitem__(o, "spam")
tried(lambda: repr(o))
tried(lambda: list(o))
tried(lambda: list(o.items()))
tried(lambda: o.move_to_end("spam"))
tried(lambda: o.popitem(last=False))
tried(lambda: o)
o = O(spam=1)
dict.__setitem__(o, "ham", 2)
print(o, len(o), list(o))
o["ham"] = 3
print(o, list(o))
dict.clear(o)
print(o, len(o))
o = O(spam=1)
dict.update(o, ham=1)
tried(lambda: o.pop("ham"))
print(o, len(o))


# Comparisons that change what is compared.
class Key:
    count = 0

    def __init__(self, effect=None):
        self.effect = effect

    def __eq__(self, other):
        Key.count += 1
        if self.effect and Key.count == 2:
            self.effect()
        return True

    def __hash__(self):
        return -1


for effect in (lambda: one.clear(), lambda: one.__delitem__(key), lambda: one.move_to_end(0), lambda: None):
    key = Key(effect)
    one = O(dict.fromkeys((0, key, 4.2)))
    other = O(dict.fromkeys((0, Key(effect), 4.2)))
    Key.count = 0
    tried(lambda: one == other)
    print(len(one), len(other))


class Asks:
    armed = False

    def __hash__(self):
        return 1

    def __repr__(self):
        return "Asks()"

    def __eq__(self, other):
        if Asks.armed:
            o.clear()
        return self is other


o = O()
o[Asks()] = 1
o[Asks()] = 2
Asks.armed = True
tried(lambda: o.copy())
Asks.armed = False


class Fails:
    armed = False

    def __hash__(self):
        return 1

    def __eq__(self, other):
        if Fails.armed:
            raise ValueError("not now")
        return self is other


o = O([(Fails(), 1), ("a", 2)])
Fails.armed = True
for f in (lambda: o.__setitem__(Fails(), 3), lambda: o.pop(Fails()), lambda: o.move_to_end(Fails()), lambda: o.setdefault(Fails()), lambda: o.__delitem__(Fails())):
    tried(f)
Fails.armed = False
print(len(o), list(o.values()))


class Rehashed:
    n = 0

    def __hash__(self):
        Rehashed.n += 1
        return Rehashed.n * 7919

    def __repr__(self):
        return "Rehashed()"


o = O((Rehashed(), i) for i in range(20))
for f in (lambda: list(o), lambda: list(o.items()), lambda: repr(o), lambda: o.copy(), lambda: o.popitem(), lambda: o.move_to_end(Rehashed())):
    tried(f)


class Gone:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("gone", self.name, len(globals().get("o", ())))


o = O((k, Gone(k)) for k in "abcd")
o["a"] = None
del o["b"]
o.popitem()
o.clear()
o = O((Gone(k), Gone(k.upper())) for k in "xy")
o.clear()
print("cleared")
o = O((Gone(k), Gone(k.upper())) for k in "xyz")
o.move_to_end(next(iter(o)))
del o
o = O(k=Gone("cycle"))
o["o"] = o.x = o
o = {}
gc.collect()

# Many.
o = O()
for i in range(300):
    o[i] = i
    if i % 3 == 0 and i // 2 in o:
        o.move_to_end(i // 2)
    if len(o) > 50:
        o.popitem(last=i % 7 == 0)
    if i % 11 == 0:
        o.move_to_end(next(iter(o)), last=True)
    if i % 13 == 0:
        o.move_to_end(next(reversed(o)), last=False)
print(list(o), list(o) == list(reversed(list(reversed(o)))), all(o[k] == k for k in o))
while o:
    o.popitem(last=len(o) % 2)
print(o, sys.getsizeof(o) > 0)
for t in (iter(o), o.keys(), o.values(), o.items(), reversed(o), o):
    print(type(t).__name__, type(t).__module__, [c.__name__ for c in type(t).__mro__])
print(O.__doc__, O.__module__, O.move_to_end.__doc__.splitlines()[0], O.pop.__text_signature__, O.popitem.__text_signature__)
print(collections.ChainMap(O(a=1), O(b=2)), isinstance(o, dict))
match O(a=1, b=2):
    case {"a": 1, **rest}:
        print(rest)
