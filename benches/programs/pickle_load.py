"""Unpickle lists, dicts, nested and shared structures, instances, old and new protocols; and deep copies.

Group: pickling
Counted: 100
"""
import copy
import pickle
import sys


class Item:
    def __init__(self, name, price):
        self.name = name
        self.price = price


class Compact:
    __slots__ = ("a", "b")

    def __init__(self, a, b):
        self.a = a
        self.b = b

    def __reduce__(self):
        return Compact, (self.a, self.b)


def main(n):
    shared = ["shared", 1, 2.5]
    rows = [{"id": i, "name": f"row {i}", "value": i / 3, "tags": ("a", "b", i), "more": shared} for i in range(n)]
    items = [Item(f"item {i % 100}", i) for i in range(n)]
    compact = [Compact(i, i / 2) for i in range(n)]
    numbers = list(range(10 * n)) + [i * 1.5 for i in range(10 * n)]
    data = [pickle.dumps(each) for each in (rows, items, compact, numbers, set(numbers))]
    data += [pickle.dumps(rows, 2), pickle.dumps(items, 0)]
    total = 0
    for _ in range(4):
        for each in data:
            total += len(pickle.loads(each))
    for item in items:
        total += pickle.loads(pickle.dumps(item)).price
    again = copy.deepcopy(rows[: n // 8])
    total += len(again) + (again[0]["more"] is again[-1]["more"]) + len(copy.copy(rows))
    return total


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 25_000))
