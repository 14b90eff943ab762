"""Recursive generators: walks of a tree by yield from, subsets, permutations, backtracking, early close.

Group: generators and coroutines
Counted: 7
"""
import sys


class Tree:
    def __init__(self, key):
        self.key = key
        self.left = self.right = None

    def add(self, key):
        at = self
        while True:
            side = "left" if key < at.key else "right"
            child = getattr(at, side)
            if child is None:
                setattr(at, side, Tree(key))
                return
            at = child

    def __iter__(self):
        if self.left:
            yield from self.left
        yield self.key
        if self.right:
            yield from self.right


def subsets(items):
    if not items:
        yield ()
        return
    for rest in subsets(items[1:]):
        yield rest
        yield (items[0], *rest)


def permutations(items):
    if len(items) <= 1:
        yield items
        return
    for i, item in enumerate(items):
        for rest in permutations(items[:i] + items[i + 1:]):
            yield (item, *rest)


def primes():
    found = []
    candidate = 2
    while True:
        if all(candidate % p for p in found if p * p <= candidate):
            found.append(candidate)
            yield candidate
        candidate += 1


def first(source, wanted):
    for item in source:
        if wanted(item):
            return item


def main(n):
    tree = Tree(500)
    for i in range(60 * n):
        tree.add(i * 7919 % 1009)
    total = 0
    for _ in range(2 * n):
        total += sum(tree)
        total += first(tree, lambda key: key > 800)
    total += sum(len(s) for s in subsets(tuple(range(2 * n - 4))))
    total += sum(p[0] for p in permutations(tuple(range(n - 3))))
    return total + first(primes(), lambda p: p > 60 * n)


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 12))
