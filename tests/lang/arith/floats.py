# Float arithmetic, repr and the special values.
inf, nan = float("inf"), float("nan")
values = [0.0, -0.0, 1.0, 1.5, 0.1, 1e16, 1e15, 123456789.123, 1e-5, 0.0001, 1e300, 5e-324, 1.7976931348623157e308, 1e22, 1e23,
          2.5, -7.25, 100.0, 1/3, 2/3, 12345678901234567.0]
for v in values:
    print(repr(v), -v, v + 1, v * 3, v // 2, v % 3, int(v) if v < 1e18 else "big", v == int(v))
print(0.1 + 0.2, 0.1 + 0.2 == 0.3, 1e308 * 10, -1e308 * 10, inf - inf, inf * 0, 1 / inf, -1 / inf)
for a, b in [(7.5, 2), (-7.5, 2), (7.5, -2), (-7.5, -2), (0.0, 3), (-0.0, 3), (5.0, inf), (-5.0, inf), (6.0, -3.0)]:
    print(a, b, a // b, a % b, divmod(a, b))
print(2.0 ** 0.5, 2 ** 0.5, 4 ** -0.5, (-8) ** 2.0, (-8.0) ** 3, 0.0 ** 0, inf ** 0, nan ** 0, 1 ** nan)
print((-8) ** (1 / 3))
print(nan == nan, nan != nan, nan < 1, nan > 1, inf > 10**400, -inf < -10**400, inf == inf)
print([nan] == [nan], nan in [nan], (0.0,) == (-0.0,), 0.0 == -0.0, str(-0.0), abs(-0.0), -(0.0))
for f in (lambda: 1.0 / 0, lambda: 1.0 // 0, lambda: 1.0 % 0, lambda: divmod(1.0, 0.0), lambda: 0.0 ** -1, lambda: 1e200 ** 2,
          lambda: int(inf), lambda: int(nan), lambda: round(nan)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
print(round(0.5), round(1.5), round(2.5), round(-0.5), round(2.675, 2), round(1234.567, -2), round(1e20), round(3.14159, 3))
print((0.5).as_integer_ratio(), (0.1).hex(), float.fromhex("0x1.8p1"), (2.0).is_integer(), (2.5).is_integer(), (-1.5).hex())
print(float("1e5"), float(" -2.5 "), float("inf"), float("-Infinity"), float("NaN"), float("1_000.5"), float(".5"), float("5."))
for s in ("", "abc", "1.2.3", "1e", "--1", "0x10"):
    try:
        print(float(s))
    except ValueError as e:
        print(e)
print(hash(1.0), hash(0.5), hash(1e300), hash(inf), hash(-inf), hash(0.1), hash(-2.0), hash(2.0**61))
print(max(1, 2.0), min(1.0, 1), sum([0.1] * 10), sum([0.1] * 3), sum([1e16, 1.0, -1e16]), sum([1, 2.5]))
