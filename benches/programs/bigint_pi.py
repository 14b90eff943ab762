"""Digits of pi by a spigot of growing integers, and all at once by Machin's formula.

Group: big ints
Counted: 600
"""
import sys


def spigot(count):
    digits = []
    q, r, t, k = 1, 0, 1, 1
    while len(digits) < count:
        q, r, t = q * k, (2 * q + r) * (2 * k + 1), t * (2 * k + 1)
        k += 1
        if q <= r:
            digit, rest = divmod(3 * q + r, t)
            if rest + q < t:
                digits.append(digit)
                q, r = q * 10, 10 * (r - digit * t)
    return digits


def inverse_tangent(x, unit):
    power = unit // x
    total, square, n, sign = power, x * x, 3, -1
    while power:
        power //= square
        total += sign * (power // n)
        sign, n = -sign, n + 2
    return total


def machin(count):
    unit = 10 ** (count + 10)
    return 4 * (4 * inverse_tangent(5, unit) - inverse_tangent(239, unit)) // 10 ** 11


def main(n):
    digits = spigot(n)
    return sum(digits), sum(i * d for i, d in enumerate(digits)), machin(3 * n) % 1_000_000_007


print(*main(int(sys.argv[1]) if len(sys.argv) > 1 else 4_000))
