# Integers of many words.
a = 123456789012345678901234567890
b = 987654321098765432109876543210
print(a + b, a - b, a * b, b // a, b % a, divmod(b, a), divmod(-b, a), divmod(b, -a), divmod(-b, -a))
print(a ** 5)
print(a ** 20 % 10**30, pow(a, b, 10**20 + 39), pow(a, -1, 10**9 + 7))
print(a << 100, a >> 40, -a >> 40, -a >> 200, a >> 200, (a << 100) >> 100 == a)
print(a & b, a | b, a ^ b, -a & b, -a | b, -a ^ b, a & -b, ~a)
print(a.bit_length(), b.bit_length(), (2**1000).bit_length(), (2**1000 - 1).bit_count())
print(a < b, a <= a, a > b, a == b, a != b, -a < b, -a > -b, a == a + 0)
print(2**200 - 2**200, 2**200 // 2**199, 2**64 * 0, 2**64 - 2**64 + 1)
print(hash(2**61 - 1), hash(2**61), hash(-(2**61)), hash(2**200), hash(a), hash(-a), hash(-1))
print(int("1" * 60), int("-" + "9" * 40), int("ff" * 12, 16), int("z" * 15, 36), int("1010" * 20, 2))
print(hex(a), oct(a), bin(a), hex(-a), bin(-5), oct(-8))
print(a / b, b / a, 10**400 / 10**399, (10**30 + 1) / 10**30, 2**1023 * 2 / 4)
for f in (lambda: 10**400 / 1, lambda: float(10**400), lambda: 1 / 10**400, lambda: a // 0, lambda: 1.5 * 10**400):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
n = 1
for i in range(1, 101):
    n *= i
print(n, len(str(n)), sum(map(int, str(n))))
print(str(3**300), (3**300).to_bytes(60, "big"), int.from_bytes(b"\x01" * 20, "little"))
print(str(7**1000)[:20], str(7**1000)[-20:], len(str(7**1000)))
