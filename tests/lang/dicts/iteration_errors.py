# Changing a dict while iterating, and iteration order after changes.
def attempt(change):
    d = {1: "a", 2: "b", 3: "c"}
    try:
        for k in d:
            change(d, k)
        print("finished", d)
    except RuntimeError as e:
        print(type(e).__name__, e, d)


attempt(lambda d, k: d.__setitem__(k + 10, 0))
attempt(lambda d, k: d.pop(k))
attempt(lambda d, k: d.__setitem__(k, "changed"))
attempt(lambda d, k: d.clear())


def swap(d, k):
    del d[k]
    d[k * 100] = k


attempt(swap)
d = {i: i for i in range(3)}
it = iter(d.items())
print(next(it))
d["x"] = 1
try:
    next(it)
except RuntimeError as e:
    print(e)
try:
    next(it)
except RuntimeError as e:
    print(e)
it = iter({})
print(next(it, "empty"))
for k in list(d):
    if k != 1:
        del d[k]
print(d)
d = dict.fromkeys("edcba", 0)
d["c"] = 1
d["z"] = d.pop("e")
print(list(d), list(reversed(d)), list(reversed(d.values())), list(reversed(d.items())))
print({k: v for k, v in sorted(d.items())}, sorted(d, reverse=True), max(d), min(d.items()))
a, *b = d
print(a, b)
print([*d], {*d} == set(d), dict(zip(d, range(5))), sum(1 for _ in d))
s = {1, 2, 3}
try:
    for x in s:
        s.add(x + 100)
except RuntimeError as e:
    print(e)
