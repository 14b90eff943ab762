# Sorting: stability, keys, reverse, partial order, errors in the middle, mutation, mixed numbers, min and max ties.
import functools, random
r = random.Random(1)
class Item:
    def __init__(self, key, tag): self.key, self.tag = key, tag
    def __lt__(self, other): return self.key < other.key
    def __repr__(self): return f"{self.key}{self.tag}"
for n in (0, 1, 2, 3, 10, 31, 32, 33, 63, 64, 65, 100, 500, 1000):
    items = [Item(r.randrange(max(1, n // 4)), i) for i in range(n)]
    up, down = sorted(items), sorted(items, reverse=True)
    print(n, all((a.key, a.tag) < (b.key, b.tag) for a, b in zip(up, up[1:])), all((-a.key, a.tag) < (-b.key, b.tag) for a, b in zip(down, down[1:])),
          sorted(items, key=lambda i: i.key) == up, sorted(items, key=lambda i: -i.key) == down)
for values in ([3, 1.5, True, -2, 10**20, float("-inf")], ["b", "", "a", "B", "é", "\U0001f40d", "z"], [(1, "b"), (1, "a"), (0, "z")], [[2], [1, 5], [1], []], [b"b", b"a"], [{1}, {1, 2}, set(), {3}], [None, None], [(1, None), (0, None)]):
    for options in ({}, {"reverse": True}, {"key": repr}, {"key": lambda v: 0}):
        try: print(sorted(values, **options))
        except TypeError as e: print("TypeError", e)
for bad in ([1, "a", 2], [(1, None), (1, 2)], [1, 2, None], [[1], ["a"]], [1j, 2]):
    before = list(bad)
    try: bad.sort()
    except TypeError as e: print(e, bad == before, len(bad))
class Bomb(Exception): pass
def explode(v):
    if v == 3: raise Bomb
    return v
items = [5, 3, 1]
try: items.sort(key=explode)
except Bomb: print("kept", items)
items = [5, 4, 3, 2, 1]
def peek(v): seen.append(len(items)); return v
seen = []; items.sort(key=peek); print(seen, items)
def grow(v): items.append(v); return v
try: items.sort(key=grow)
except ValueError as e: print(e, items)
print(sorted("hello world", key=functools.cmp_to_key(lambda a, b: (a > b) - (a < b)), reverse=True))
print(min([Item(1, "a"), Item(1, "b"), Item(0, "c"), Item(0, "d")]), max([2, 2.0, True + 1]), max([Item(1, "a"), Item(1, "b")], key=lambda i: i.key), min("bca", key=ord), max([], default="none"), min(3, 1, 2), max((1, 2), (1, 3)), max("a", "b", key=lambda c: -ord(c)))
