"""Factorials, Fibonacci numbers, powers, modular powers and square roots of integers of many sizes.

Group: big ints
Counted: 3000
"""
import math
import sys

PRIME = (1 << 521) - 1


def product(low, high):
    if high - low < 8:
        result = 1
        for k in range(low, high):
            result *= k
        return result
    middle = (low + high) // 2
    return product(low, middle) * product(middle, high)


def fibonacci(n):
    a, b = 0, 1
    for bit in bin(n)[2:]:
        a, b = a * (2 * b - a), a * a + b * b
        if bit == "1":
            a, b = b, a + b
    return a


def main(n):
    factorial = product(1, n + 1)
    total = factorial % PRIME + (factorial >> n) % 997
    one_by_one = 1
    for k in range(2, n // 4):
        one_by_one *= k
    total += one_by_one % PRIME
    a, b = 0, 1
    for _ in range(2 * n):
        a, b = b, a + b
    total += a % PRIME + fibonacci(20 * n) % PRIME
    total += (3 ** (10 * n) // 7 ** n) % PRIME
    for k in range(n // 100):
        total += pow(k + 3, PRIME - 2, PRIME)
    total += math.isqrt(factorial) % PRIME
    total += (factorial ^ (factorial >> 13) & (1 << n) - 1).bit_count()
    return total % PRIME


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000))
