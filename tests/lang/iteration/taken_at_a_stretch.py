"""Native code that takes all that iterators over dicts and reversed lists have: from the middle, at the end, after changes."""


def tried(f):
    try:
        return f()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


d = {k: k * k for k in range(40)}
print(sum(d.values()), sum(d), sum(d.keys()), sum(iter(d.values())), all(d.values()), any(d.values()), max(d.values()))
print(list(d.values()), list(d.keys()) == list(d), list(iter(d.items()))[-1], tuple(d.values())[-1])
for kind in (dict.keys, dict.values, dict.items):
    iterator = iter(kind(d))
    next(iterator)
    print(any(x == 9 or x == 3 or x == (3, 9) for x in iterator), next(iterator), iterator.__length_hint__(), len(list(iterator)), list(iterator), next(iterator, "end"))
    d["late"] = 1
    print(list(iterator), iterator.__length_hint__())
    del d["late"]
iterator = iter(d.values())
print(all(iterator), next(iterator), any(iterator), next(iterator), sum(iterator), sum(iterator), next(iterator, "end"))

# What gives an item back goes on behind it.
mixed = {1: 1, 2: 2.5, 3: True, 4: 1 << 70, 5: 3, 6: 2j}
iterator = iter(mixed.values())
print(sum(mixed.values()), sum(iterator), next(iterator, "end"))
iterator = iter({"a": 1, "b": 0, "c": 2, "d": ""}.values())
print(all(iterator), all(iterator), list(iterator))


class Truth:
    def __init__(self, change):
        self.change = change

    def __bool__(self):
        self.change()
        return False

    def __repr__(self):
        return "Truth()"

    def __radd__(self, other):
        self.change()
        return other


def changed(change, use):
    d = dict.fromkeys("abcd", 0)
    d["b"] = Truth(lambda: change(d))
    iterator = iter(d.values())
    print(tried(lambda: use(iterator)), tried(lambda: list(iterator)))


def grow(d):
    d["x"] = 5


def swap(d):
    del d["d"]
    d["e"] = 0


def shrink(d):
    del d["c"]


def replace(d):
    d["c"] = 9


for change in (grow, swap, shrink, replace, dict.clear):
    changed(change, any)
    changed(change, lambda iterator: any(not x for x in iterator))
    changed(change, lambda iterator: sum(x if isinstance(x, Truth) else 1 for x in iterator))
    changed(change, lambda iterator: [x and 1 for x in iterator])
keys = {1: 0, 2: 0}
iterator = iter(keys)
next(iterator)
keys[3] = keys.pop(1)
print(tried(lambda: list(iterator)), tried(lambda: list(iterator)))

l = [1, 2, 3, 4, 5]
print(list(reversed(l)), sum(reversed(l)), all(reversed(l)), tuple(reversed(l)), list(reversed([])), sum(reversed([])))
iterator = reversed(l)
print(next(iterator), any(iterator), next(iterator), iterator.__length_hint__())
l.pop()
l.pop()
l.pop()
l.pop()
print(list(iterator), list(iterator), next(iterator, "end"))
l += [7, 8, 9]
print(list(iterator))
iterator = reversed(l)
l.append(10)
print(list(iterator), next(iterator, "end"))
iterator = reversed(l)
l.clear()
print(sum(iterator), iterator.__length_hint__())


class L(list):
    def __reversed__(self):
        return iter("own")


class M(list):
    __reversed__ = None


print(list(reversed(L([1, 2]))), tried(lambda: reversed(M())), type(reversed(l)).__name__, tried(lambda: reversed()), tried(lambda: reversed(1)))
print(type(type("R", (reversed,), {})([1])).__name__, type(type("R", (reversed,), {})("ab")).__name__)


class Loud:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("gone", self.n)


print(len(list({1: Loud(1), 2: Loud(2)}.values())))
print(len(list(reversed([Loud(3), Loud(4)]))))
print(any({Loud(5): 0, Loud(6): 1}.keys()))
