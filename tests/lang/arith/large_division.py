# Quotients, remainders, roots and decimal digits of numbers of thousands of words, where other methods than for short ones are used.
import math
import sys

sys.set_int_max_str_digits(0)


def mixed(bits, seed):
    value = 0
    for _ in range(bits // 31 + 1):
        seed = (seed * 1103515245 + 12345) % (1 << 31)
        value = value << 31 | seed
    return value >> (value.bit_length() - bits)


def check(a, b):
    q, r = divmod(a, b)
    assert q * b + r == a, (a.bit_length(), b.bit_length())
    assert (0 <= r < b) if b > 0 else (b < r <= 0)
    assert a // b == q and a % b == r
    return (q % 1000003, r % 1000003)


sizes = [16383, 16384, 16385, 32768, 40000, 65537]
for of_divisor in sizes:
    b = mixed(of_divisor, of_divisor)
    for more in sizes:
        a = mixed(of_divisor + more, more)
        print(of_divisor, more, check(a, b), check(-a, b), check(a, -b), check(-a, -b))
    power = 1 << of_divisor
    print(check(power * power - 1, power - 1), check(power * power, power + 1), check(b * b - 1, b), check(b * b, -b))

for bits in (127, 128, 129, 1000, 50001, 99999):
    n = mixed(bits, bits)
    for square in (n, n * n, n * n - 1, n * n + 2 * n):
        root = math.isqrt(square)
        assert root * root <= square < (root + 1) * (root + 1)
        print(bits, root % 1000003)

for n in (mixed(5000, 1), -mixed(70000, 2), 10 ** 20000, 10 ** 20000 - 1, -(1 << 40000)):
    text = str(n)
    assert int(text) == n and f"{n}" == text
    print(len(text), text[:12], text[-12:], hash(text.count("9")))
