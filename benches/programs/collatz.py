"""Small-integer arithmetic: Collatz lengths, greatest common divisors, a linear congruence, digit sums.

Group: int arithmetic
Counted: 3000
"""
import sys


def collatz(start):
    steps = 0
    while start != 1:
        start = start // 2 if start % 2 == 0 else 3 * start + 1
        steps += 1
    return steps


def gcd(a, b):
    while b:
        a, b = b, a % b
    return a


def digit_sum(x):
    total = 0
    while x:
        x, digit = divmod(x, 10)
        total += digit
    return total


def main(n):
    total = max(collatz(i) for i in range(1, n))
    seed = 1
    for i in range(1, n):
        seed = (seed * 69069 + 12345) & 0xFFFFFFFF
        total += gcd(seed, i * 30) + digit_sum(seed)
        total ^= (seed >> 7) ^ (seed << 3) & 0xFFFF
    return total


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 120_000))
