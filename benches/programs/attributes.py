"""Read and write instance, class, slot and property attributes.

Group: attributes and methods
Counted: 40000
"""
import sys


class Plain:
    scale = 3

    def __init__(self):
        self.a = 1
        self.b = 2
        self.c = 0


class Slotted:
    __slots__ = ("a", "b", "c")

    def __init__(self):
        self.a = 1
        self.b = 2
        self.c = 0


class Guarded(Plain):
    @property
    def double(self):
        return self.a * 2


def main(n):
    plain, slotted, guarded = Plain(), Slotted(), Guarded()
    total = 0
    for _ in range(n):
        plain.c = plain.a + plain.b + plain.scale
        slotted.c = slotted.a + slotted.b
        guarded.c = guarded.double + guarded.b
        plain.a = slotted.c & 7
        total += plain.c + slotted.c + guarded.c
    return total


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 6_000_000))
