"""Recursion of several shapes: towers, Ackermann's function, permutations, flattening.

Group: calls
Counted: 12
"""
import sys


def towers(disks, source, target, spare):
    if disks == 0:
        return 0
    moves = towers(disks - 1, source, spare, target) + 1
    return moves + towers(disks - 1, spare, target, source)


def ackermann(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


def permute(items, depth, visit):
    if depth == len(items):
        return visit(items)
    total = 0
    for i in range(depth, len(items)):
        items[depth], items[i] = items[i], items[depth]
        total += permute(items, depth + 1, visit)
        items[depth], items[i] = items[i], items[depth]
    return total


def nested(depth):
    return [nested(depth - 1), nested(depth - 1), depth] if depth else [1, 2]


def flat_sum(tree):
    return sum(flat_sum(part) if isinstance(part, list) else part for part in tree)


def main(n):
    total = towers(n, "left", "right", "middle")
    for _ in range(n):
        total += ackermann(2, 4 * n)
    total += permute(list(range(max(n // 2 - 1, 3))), 0, lambda items: items[0] < items[-1])
    return total + flat_sum(nested(n - 3))


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
