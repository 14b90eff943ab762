# Numbers of many digits: nothing may take quadratic time, and what memory cannot hold is a MemoryError.
from decimal import *
import math


def digest(number):
    text = str(number)
    return len(text), text[:12], text[-12:], hash(number)


with localcontext(prec=50_000) as context:
    power = Decimal(2) ** 100_000
    print(digest(power), power == 2 ** 100_000, int(power) == 1 << 100_000)
    third = Decimal(1) / 3
    print(digest(third), digest(third * 3), digest(third * third))
    print(digest(Decimal(2).sqrt()), digest(power / 7 ** 9000), power // 7 ** 9000 == 2 ** 100_000 // 7 ** 9000)

with localcontext(prec=400_000, Emax=MAX_EMAX) as context:
    big = Decimal(7) ** 400_000
    print(digest(big), digest(big * big), (big * 3) / 3 == big)


def pi(digits):
    # Machin's formula of Gauss, Brent and Salamin.
    with localcontext(prec=digits + 10):
        a, b, t, p = Decimal(1), 1 / Decimal(2).sqrt(), Decimal("0.25"), 1
        for _ in range(math.ceil(math.log2(digits)) + 1):
            a, b, t, p = (a + b) / 2, (a * b).sqrt(), t - p * ((a - b) / 2) ** 2, 2 * p
        result = (a + b) ** 2 / (4 * t)
    with localcontext(prec=digits):
        return +result


print(digest(pi(10_000)))

with localcontext(prec=2000):
    e = Decimal(1).exp()
    print(digest(e), digest(Decimal(10).ln()), digest(Decimal(2).log10()), digest(Decimal(2) ** Decimal("0.5")))
    print(abs(e.ln() - 1) < Decimal("1e-1998"))

huge = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)
for operation in (lambda: huge.divide(1, 3), lambda: huge.next_minus(1), lambda: huge.logical_invert(0),
                  lambda: huge.add(Decimal("1e999999999999999999"), 1), lambda: int(Decimal("1e999999999999"))):
    try:
        operation()
    except MemoryError:
        print("MemoryError")
