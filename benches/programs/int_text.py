"""Integers to text and back: short ones, long ones, and other bases.

Group: big ints
Counted: 2000
"""
import sys

sys.set_int_max_str_digits(0)


def main(n):
    total = 0
    for i in range(10 * n):
        total += int(str(i * 7919)) & 255
        total += len(hex(i)) + int("%x" % i, 16)
    for bits in range(64, 1024, 16):
        value = (1 << bits) - bits
        for _ in range(n // 100):
            value ^= 5
            text = str(value)
            total += int(text) & 0xFFFF
            total += len(text) + len(oct(value))
    big = 3 ** (2 * n)
    text = str(big)
    total += len(text) + (int(text) == big) + int(text[::-1]) % 1_000_003
    for base in (7, 8, 16, 36):
        total += int(text.replace("9", "5").replace("8", "4").replace("7", "3"), base) % 997 if base > 7 else int("123456" * (n // 6), 7) % 997
    return total


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
