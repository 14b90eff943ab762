"""Tuples as keys of dicts and sets: of what is compared at once, and of what is asked."""

big = 1 << 70


def fresh(*items):
    """A tuple, and in it strs, that nobody has seen."""
    return tuple("".join(list(x)) if isinstance(x, str) else x for x in items)


keys = [(1, 2), ("a", "b"), ("a", 1), (1, "a"), (), (1,), ("ab",), (1.5, 2), (True, 0), (1, 0), (None, "x"), ((1, 2), 3), ("é", "€", "😀"), (big, 1), ("a", ("b", ("c",)))]
d = {key: n for n, key in enumerate(keys)}
s = set(keys)
print(len(d), len(s))
for key in keys:
    print(key, d[fresh(*key)], fresh(*key) in s, d.get((*key, 0)), (*key, "z") in s)
print(d.get((1.0, 2)), d.get((1, 2.0)), d.get((True, 2)), d.get((1 << 70, 1)), d.get((1.0, False)), (1, 2.0) in s, (1.0,) in s)
print(d.get((float("nan"),)), (float("nan"),) in s)
nan = (float("nan"), 1)
print({nan: 1}.get((nan[0], 1)), (nan[0], 1) in {nan})


class Key:
    asked = []

    def __init__(self, name):
        self.name = name

    def __hash__(self):
        return 7

    def __eq__(self, other):
        Key.asked.append((self.name, getattr(other, "name", other)))
        if self.name == "raises":
            raise ValueError(self.name)
        return isinstance(other, Key) and self.name == other.name


class Text(str):
    __hash__ = str.__hash__

    def __eq__(self, other):
        Key.asked.append(str(self))
        return str.__eq__(self, other)


class T(tuple):
    __hash__ = tuple.__hash__

    def __eq__(self, other):
        Key.asked.append(tuple(self))
        return tuple.__eq__(self, other)


def shown(f):
    del Key.asked[:]
    try:
        print(f(), sorted(set(map(str, Key.asked))))
    except ValueError as error:
        print("ValueError", error, sorted(set(map(str, Key.asked))))


a, b = Key("a"), Key("b")
d = {(1, a): "a", (1, b): "b", ("x", 1): "x"}
s = set(d)
for look in (d.get, s.__contains__):
    shown(lambda: look((1, a)))
    shown(lambda: look((1, Key("a"))))
    shown(lambda: look((1, Key("b"))))
    shown(lambda: look((1, Key("raises"))))
    shown(lambda: look((Text("x"), 1)))
    shown(lambda: look(T(("x", 1))))
    shown(lambda: look(T(("x", 2))))
d[T(("t", 1))] = "t"
shown(lambda: d[fresh("t", 1)])
d["x", 1] = "again"
del d["x", 1]
print(("x", 1) in d, d.pop((1, a)), d.setdefault((3, 4), 5), d.setdefault(fresh(3, 4), 6))
s |= {(3, 4), ("q",)}
s -= {fresh("q"), (5,)}
print(len(s), (3, 4) in s, s & {fresh(3, 4)}, {fresh("m", 1): 1} == {fresh("m", 1): 1}, {(1, 2)} == {(1, 2)})
grid = {}
for x in range(30):
    for y in range(30):
        grid[x, y] = x * y
print(sum(grid[x, y] for x in range(30) for y in range(30)), (30, 1) in grid, len({(x % 5, "k" + str(y % 3)) for x in range(30) for y in range(30)}))
