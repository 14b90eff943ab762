"""Sort ints, floats, strings and tuples, with and without a key.

Group: sorting
Counted: 6000
"""
import sys


def numbers(n, seed=12345):
    for _ in range(n):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        yield seed


def main(n):
    ints = list(numbers(n))
    floats = [x / 7 for x in ints]
    strings = [str(x) for x in ints[: n // 4]]
    pairs = [(x & 255, x) for x in ints[: n // 4]]
    ints_sorted = sorted(ints)
    floats.sort(reverse=True)
    strings.sort()
    pairs.sort()
    by_digit = sorted(ints, key=lambda x: x % 1000)
    ints_sorted.sort()
    total = ints_sorted[n // 3] + int(floats[n // 5]) + by_digit[n // 2] % 1000
    return total + len(strings[-1]) + pairs[n // 8][1]


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 700_000))
