"""One large list comprehension, repeated.

Group: comprehensions
Counted: 200000 3
"""
import sys


def main(n, rounds):
    total = 0
    for _ in range(rounds):
        doubled = [i * 2 for i in range(n)]
        total += doubled[-1] + len(doubled)
    return total


n = int(sys.argv[1]) if len(sys.argv) > 1 else 10**7
print(main(n, int(sys.argv[2]) if len(sys.argv) > 2 else 3))
