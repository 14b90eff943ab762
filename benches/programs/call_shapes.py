"""Calls with defaults, keywords, *args and **kwargs, partial, map with a function, callable instances.

Group: calls
Counted: 5000
"""
import functools
import sys


def defaults(a, b=2, c=3, *, d=4):
    return a + b - c + d


def gather(*args, **kwargs):
    return len(args) + len(kwargs)


def forward(*args, **kwargs):
    return defaults(*args, **kwargs)


class Adder:
    def __init__(self, by):
        self.by = by

    def __call__(self, x):
        return x + self.by


def main(n):
    total = 0
    pair = (1, 2)
    named = {"c": 5, "d": 7}
    bumped = functools.partial(defaults, 1, d=9)
    adder = Adder(3)
    for i in range(n):
        total += defaults(i & 15)
        total += defaults(1, c=i & 7, d=2)
        total += gather(i, i, x=i)
        total += forward(i & 3, 4, d=6)
        total += defaults(*pair, **named)
        total += bumped(i & 1)
        total += adder(i & 31)
        total += max(i & 7, 3) + abs(-i)
    total += sum(map(defaults, range(n)))
    return total


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 900_000))
