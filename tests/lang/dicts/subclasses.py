# Subclasses: __missing__, overridden methods, dict protocol.
class Default(dict):
    def __missing__(self, key):
        self[key] = value = key * 2
        return value


d = Default(a=1)
print(d["a"], d["bc"], d, d.get("zz"), "zz" in d, d["q"], len(d))


class Noisy(dict):
    def __setitem__(self, key, value):
        print("set", key, value)
        super().__setitem__(key, value)

    def __getitem__(self, key):
        print("get", key)
        return super().__getitem__(key)

    def __delitem__(self, key):
        print("del", key)
        super().__delitem__(key)

    def __contains__(self, key):
        print("contains", key)
        return super().__contains__(key)


n = Noisy(x=1)
n["y"] = 2
n["x"] += 5
print("x" in n, n.get("x"), n.pop("y"))
del n["x"]
n.update(z=3)
print(n, type(n.copy()).__name__, type(n | {}).__name__, isinstance(n, dict))


class Mapping:
    def keys(self):
        return ["k1", "k2"]

    def __getitem__(self, key):
        return key.upper()


print(dict(Mapping()), {**Mapping()}, (lambda **k: k)(**Mapping()))


class Key:
    def __init__(self, v):
        self.v = v

    def __hash__(self):
        print("hash", self.v)
        return hash(self.v)

    def __eq__(self, other):
        print("eq", self.v, getattr(other, "v", other))
        return self.v == getattr(other, "v", other)


d = {}
d[Key(1)] = "one"
print(d[Key(1)])
print(Key(2) in d)
d[Key(1)] = "uno"
print(len(d), list(d.values()))
try:
    d.attr = 1
except AttributeError as e:
    print(e)
