"""A vector class with operator methods, comparison, hashing, indexing, length and iteration.

Group: attributes and methods
Counted: 4000
"""
import sys


class Vector:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)

    def __sub__(self, other):
        return Vector(self.x - other.x, self.y - other.y)

    def __mul__(self, factor):
        return Vector(self.x * factor, self.y * factor)

    def __neg__(self):
        return Vector(-self.x, -self.y)

    def __iadd__(self, other):
        self.x += other.x
        self.y += other.y
        return self

    def __eq__(self, other):
        return self.x == other.x and self.y == other.y

    def __lt__(self, other):
        return self.x < other.x

    def __hash__(self):
        return self.x * 31 + self.y

    def __getitem__(self, index):
        return self.y if index else self.x

    def __len__(self):
        return 2

    def __iter__(self):
        yield self.x
        yield self.y

    def __contains__(self, value):
        return value == self.x or value == self.y

    def __bool__(self):
        return self.x != 0 or self.y != 0


def main(n):
    total = Vector(0, 0)
    step = Vector(1, 2)
    seen = set()
    hits = 0
    for i in range(n):
        here = Vector(i & 63, i & 31)
        total += here * 3 - step + -here
        if here < step or here == step:
            hits += 1
        if here:
            hits += here[0] + here[1] + len(here)
        if 7 in here:
            a, b = here
            hits += a - b
        seen.add(here)
    return total.x, total.y, hits, len(seen)


print(*main(int(sys.argv[1]) if len(sys.argv) > 1 else 700_000))
