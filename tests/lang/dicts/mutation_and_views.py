# Dicts: order after every change, views as they follow, changes during iteration of every kind, equality, merging, and subclasses with __missing__.
d = dict.fromkeys("abc", 0)
for change in ("d['d'] = 1", "d['a'] = 2", "del d['b']", "d['b'] = 3", "d.pop('c')", "d.setdefault('a', 9)", "d.setdefault('z', 9)", "d.update(b=1, y=2)", "d |= {'a': 0, 'q': 1}", "d.popitem()", "d = d | {'first': 1}", "d = {'first': 1} | d", "d.update([('k', 1), ('a', 5)])", "d.update(zip('mn', range(2)))", "d = dict(reversed(d.items()))", "d = {**d, 'a': 'moved?'}", "d = {k: d[k] for k in sorted(d)}", "d.clear()"):
    exec(change); print(change, d)
d = {1: "a", 2: "b", 3: "c"}
k, v, i = d.keys(), d.values(), d.items()
d[4] = "d"; del d[1]
print(k, v, i, len(k), 4 in k, "d" in v, (4, "d") in i, (4, "x") in i, list(reversed(k)), list(reversed(i)), k.mapping[2], k == d.keys(), v == d.values(), i == d.items(), k & {2, 9}, k | {9}, k - {2}, k ^ {2, 9}, i & {(2, "b")}, k.isdisjoint([9]))
def trial(make_iterator, change):
    d = {1: 1, 2: 2, 3: 3}; out = []
    try:
        for x in make_iterator(d):
            out.append(x)
            if len(out) < 9: change(d, len(out))
        return out
    except (RuntimeError, KeyError) as e: return out, type(e).__name__, str(e)
makers = {"dict": iter, "keys": dict.keys, "values": dict.values, "items": dict.items, "reversed": reversed, "reversed items": lambda d: reversed(d.items()), "list": list}
changes = {"grow": lambda d, n: d.__setitem__(n + 10, 0), "shrink": lambda d, n: d.pop(n, 0), "replace": lambda d, n: (d.pop(n, 0), d.__setitem__(n + 20, 0)), "overwrite": lambda d, n: d.__setitem__(n, n * 10), "clear": lambda d, n: d.clear(), "clear and fill": lambda d, n: (d.clear(), d.update({7: 7, 8: 8, 9: 9})), "nothing": lambda d, n: None, "popitem and put": lambda d, n: d.update([d.popitem()])}
for name, maker in makers.items():
    for change_name, change in changes.items(): print(name, change_name, trial(maker, change))
it = iter({1: 1, 2: 2}); print(it.__length_hint__(), next(it), it.__length_hint__(), list(it), it.__length_hint__(), next(it, "end"))
class M(dict):
    def __missing__(self, key): return f"missing {key}"
class Raises(dict):
    def __missing__(self, key): raise LookupError(key)
class Special(dict):
    def __getitem__(self, k): return "own"
    def keys(self): return ["own key"]
    def __iter__(self): return iter(["own iter"])
    def __contains__(self, k): return True
    def __len__(self): return 99
m = M(a=1); print(m["a"], m["b"], m.get("b"), "b" in m, len(m), m.pop("b", "popped"), "{b}".format_map(m), "%(zz)s" % m)
try: Raises()["k"]
except LookupError as e: print(type(e).__name__, e)
s = Special(a=1); print(dict(s), {**s}, list(s), len(s), s.get("a"), s["a"], s == {"a": 1}, "q" in s, s.copy(), s | {}, {} | s, json if (json := repr(s)) else 0, list(s.items()), sorted(s.values()))
for a, b in (({}, {}), ({1: 2}, {1.0: 2.0}), ({1: 2}, {1: 3}), ({1: [1]}, {1: [1]}), ({"a": 1, "b": 2}, {"b": 2, "a": 1}), ({1: 1}, {2: 1}), ({}, []), ({1: 1}.keys(), {1}), ({1: 1}.items(), {(1, 1)})): print(a == b, a != b, end=" ")
print()
class Key:
    def __init__(self, n): self.n = n
    def __hash__(self): return 1
    def __eq__(self, o): print(f"{self.n}=={o.n}", end=" "); return self.n == o.n
    def __repr__(self): return f"K{self.n}"
d = {Key(1): "x", Key(2): "y", Key(3): "z"}; print(d[Key(3)], d.get(Key(9)), Key(2) in d, d.pop(Key(1)), d); d[Key(2)] = "new"; print(d)
print({True: "a", 1: "b", 1.0: "c", "1": "d"}, {0: 1, False: 2, 0.0: 3, -0.0: 4}, {(): 1, frozenset(): 2}, dict(a=1, b=2) | dict(b=3, c=4), {**{}, "x": 1, **{"x": 2}})
r = {}; r["self"] = r; r["values"] = r.values(); r["list"] = [r]; print(r)
