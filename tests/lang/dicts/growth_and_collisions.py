# Many keys, deletions, equal hashes, keys of several kinds.
d = {}
for i in range(2000):
    d[i] = i * i
for i in range(0, 2000, 3):
    del d[i]
print(len(d), d[1], d[1999], 3 in d, 4 in d, sum(d), sum(d.values()))
for i in range(0, 2000, 3):
    d[i] = -i
print(len(d), list(d)[:3], list(d)[-3:], d[3])


class Same:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return 42

    def __eq__(self, other):
        return isinstance(other, Same) and self.n == other.n

    def __repr__(self):
        return f"S{self.n}"


d = {Same(i): i for i in range(50)}
print(len(d), d[Same(7)], Same(49) in d, Same(50) in d)
for i in range(0, 50, 2):
    del d[Same(i)]
print(list(d), len(d))
d[Same(1)] = "again"
print(d[Same(1)], list(d)[0], len(d))
d = {i << 32: i for i in range(300)}
print(len(d), d[299 << 32], sum(d.values()), (300 << 32) in d)
d = {-1: "minus one", -2: "minus two"}
print(d[-1], d[-2], hash(-1) == hash(-2))
d = {(i, str(i)): i for i in range(100)}
print(d[(42, "42")], (42, 42) in d, len(d))
d = {None: 1, (): 2, "": 3, 0: 4, 0.5: 5, b"": 6, frozenset(): 7, Ellipsis: 8, int: 9}
print([d[k] for k in (None, (), "", 0, 0.5, b"", frozenset(), ..., int)], len(d))
d = {str(i): i for i in range(500)}
for k in list(d):
    if d[k] % 7:
        del d[k]
print(len(d), list(d)[:5], list(d)[-2:])
while d:
    k, v = d.popitem()
print(k, v, d)
d["after"] = 1
print(d)
d = {}
for i in range(100):
    d["k"] = i
    d["k%d" % i] = i
    del d["k%d" % i]
print(d)


class Strange:
    def __hash__(self):
        return hash("key")

    def __eq__(self, other):
        return other == "key"


print({"key": 1}[Strange()], {Strange(): 2}["key"])
