"""Sets: adding, membership, union, intersection, difference; and a sieve.

Group: containers
Counted: 8000
"""
import sys


def sieve(n):
    composite = set()
    count = 0
    for i in range(2, n):
        if i not in composite:
            count += 1
            for j in range(i * i, n, i):
                composite.add(j)
    return count


def main(n):
    a = {i * 3 for i in range(n)}
    b = {i * 5 for i in range(n)}
    total = len(a | b) + len(a & b) + len(a - b) + len(a ^ b)
    for i in range(n):
        if i in a and i not in b:
            total += 1
    frozen = {frozenset((i & 63, i & 7)) for i in range(n // 4)}
    for i in range(0, n, 2):
        a.discard(i)
    return total + len(frozen) + len(a) + sieve(n)


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_200_000))
