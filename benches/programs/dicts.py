"""Dictionaries: counting, string and int and tuple keys, growth, deletion, iteration.

Group: containers
Counted: 20000
"""
import sys


def main(n):
    counts = {}
    for i in range(n):
        key = (i * 7919) % 5003
        counts[key] = counts.get(key, 0) + 1
    names = ["name%d" % (i % 997) for i in range(n // 4)]
    by_name = {}
    for name in names:
        if name in by_name:
            by_name[name] += 1
        else:
            by_name[name] = 1
    grid = {(i, i + 1): i for i in range(n // 8)}
    total = 0
    for key, value in counts.items():
        total += key * value
    for i in range(0, n // 8, 3):
        total += grid.pop((i, i + 1))
    big = {}
    for i in range(n // 4):
        big[i * 64] = i
    for i in range(0, n // 4, 2):
        del big[i * 64]
    return total + len(grid) + len(big) + sum(by_name.values())


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 6_000_000))
