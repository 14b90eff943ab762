"""Build and drop perfect binary trees: instances, tuples and lists, short-lived beside one that lives on.

Group: memory churn
Counted: 11
"""
import sys


class Tree:
    __slots__ = ("left", "right")

    def __init__(self, left, right):
        self.left = left
        self.right = right

    def count(self):
        return 1 if self.left is None else 1 + self.left.count() + self.right.count()


def trees(depth):
    return Tree(None, None) if depth == 0 else Tree(trees(depth - 1), trees(depth - 1))


def tuples(depth):
    return (None, None) if depth == 0 else (tuples(depth - 1), tuples(depth - 1))


def count(tree):
    left, right = tree
    return 1 if left is None else 1 + count(left) + count(right)


def main(n):
    lasting = trees(n)
    total = 0
    for depth in range(4, n + 1, 2):
        for _ in range(1 << (n - depth)):
            total += trees(depth).count() + count(tuples(depth))
    return total + lasting.count()


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 17))
