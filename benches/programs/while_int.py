"""A counting loop over small integers: arithmetic, comparison, branch.

Group: int arithmetic
Counted: 600000
"""
import sys


def count(n):
    i = 0
    total = 0
    while i < n:
        if i & 1:
            total += i
        else:
            total -= 3
        i += 1
    return total


n = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000_000
print(count(n))
