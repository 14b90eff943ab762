# Integer arithmetic within one machine word.
for a, b in [(7, 3), (-7, 3), (7, -3), (-7, -3), (0, 5), (1, 1), (6, 3), (-6, 3)]:
    print(a, b, a + b, a - b, a * b, a // b, a % b, divmod(a, b), a / b)
for a in (-3, -1, 0, 1, 2, 255):
    print(a, -a, +a, ~a, abs(a), a << 3, a >> 1, a ** 2, a.bit_length(), a.bit_count())
print(5 & 3, 5 | 3, 5 ^ 3, -5 & 3, -5 | 3, -5 ^ 3, -5 & -3)
print(2 ** 10, 2 ** 0, 0 ** 0, 2 ** -1, (-2) ** 3, (-2) ** -3, 10 ** -2)
print(pow(3, 4, 5), pow(3, -1, 7), pow(-3, 3, 5), pow(3, 3, -5), pow(2, 100, 1))
for f in (lambda: 1 // 0, lambda: 1 % 0, lambda: divmod(1, 0), lambda: 1 / 0, lambda: 0 ** -1, lambda: 1 << -1,
          lambda: 1 >> -1, lambda: pow(2, -1, 4), lambda: pow(2, 3, 0)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
print(True + True, True * 3, -True, ~5, True & False, True | 2, 3 - True)
print((5).__add__(3), (5).__add__("x"), (5).__radd__(2), (5).__divmod__(3), (5).__rsub__(7))
print(1 < 2, 1 <= 1, 2 > 3, 2 >= 3, 1 == 1, 1 != 1)
print(0b1011, 0o17, 0xfF, 1_000_000)
