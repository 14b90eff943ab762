"""Pickle lists, dicts, nested and shared structures, instances with and without __reduce__, old and new protocols.

Group: pickling
Counted: 150
"""
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
    total = 0
    for _ in range(4):
        for each in (rows, items, compact, numbers, set(numbers[3:]), b"x" * n, [shared] * n):
            total += len(pickle.dumps(each))
    total += len(pickle.dumps(rows, 2)) + len(pickle.dumps(items, 0))
    for item in items:
        total += len(pickle.dumps(item))
    return total


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 30_000))
