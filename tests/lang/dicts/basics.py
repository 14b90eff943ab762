# Dictionaries: order, methods, views, errors.
d = {"a": 1, "b": 2}
d["c"] = 3
d["a"] = 10
print(d, len(d), "a" in d, 1 in d, d["b"], d.get("z"), d.get("z", 0), d.setdefault("d", 4), d.setdefault("a", 99))
del d["b"]
d["b"] = 5
print(d, list(d), list(d.keys()), list(d.values()), list(d.items()), list(reversed(d)))
print(d.pop("a"), d.pop("zz", "default"), d.popitem(), d)
d.update({"x": 1}, y=2); d.update([("z", 3), ["w", 4]]); print(d)
print(d | {"x": 9, "new": 0}, {**d, "x": 0}, {} | {})
d |= {"k": 1}; d |= [("j", 2)]; print(d)
print(dict(a=1), dict([(1, 2)]), dict({1: 2}, b=3), dict.fromkeys("ab"), dict.fromkeys([1, 2], 0), {i: i * i for i in range(4)}, dict())
print({"a": 1, "b": 2} == {"b": 2, "a": 1}, {"a": 1} != {"a": 2}, {} == {}, {1: 2} == {1.0: 2.0})
ks, vs, its = d.keys(), d.values(), d.items()
d["late"] = 1
print("late" in ks, len(vs), ("late", 1) in its, ("late", 2) in its, {"a": 1}.keys() & {"a", "b"}, sorted({"a": 1}.keys() | ["c"]), {"a": 1}.items() - {("a", 1)}, {"a": 1}.keys() ^ {"a"})
print({"a": 1}.keys(), {"a": 1}.values(), {"a": 1}.items(), {"a": 1}.keys() == {"a"}, {1: 2}.keys() <= {1, 3}, {1: 0}.keys().isdisjoint([2]))
for f in (lambda: d["nope"], lambda: d.pop("nope"), lambda: {}.popitem(), lambda: {[]: 1}, lambda: {}[{}], lambda: dict([1]), lambda: dict([(1, 2, 3)]), lambda: dict(5), lambda: d + d,
          lambda: {} < {}, lambda: d.update(5), lambda: hash({}), lambda: dict(**{1: 2}), lambda: {}.get(), lambda: d | 5):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
c = d.copy(); c.clear(); print(c, len(d) > 0, not {}, bool({0: 0}))
n = {}; n["self"] = n; print(n, repr(n))
print({1: "int", True: "bool", 1.0: "float"}, {0: 1, False: 2}, {"a": 1, "a": 2})
del d["x"], d["y"]
print(d)
