"""Decimal and Fraction: interest, rounding, a series, comparison, text.

Group: library
Counted: 150
"""
import decimal
import fractions
import sys


def interest(n):
    amount = decimal.Decimal("1000.00")
    rate = decimal.Decimal("1.00037")
    cent = decimal.Decimal("0.01")
    for _ in range(n):
        amount = (amount * rate).quantize(cent, rounding=decimal.ROUND_HALF_EVEN)
        if amount > 5000:
            amount /= 3
    return amount


def euler(digits):
    with decimal.localcontext() as context:
        context.prec = digits
        term = total = decimal.Decimal(1)
        k = 1
        while total != total + term / k:
            term /= k
            total += term
            k += 1
        return +total


def harmonic(n):
    total = fractions.Fraction(0)
    for k in range(1, n):
        total += fractions.Fraction(1, k)
    return total


def main(n):
    big = harmonic(n // 20 + 2)
    parsed = sum(decimal.Decimal(f"{i}.{i % 100:02d}") for i in range(n))
    roots = sum(decimal.Decimal(i).sqrt() for i in range(1, n // 4))
    digits = str(euler(n // 200 + 30))
    return interest(n), digits[-10:], big.numerator % 1_000_003, parsed, "%.6f" % roots


print(*main(int(sys.argv[1]) if len(sys.argv) > 1 else 250_000))
