# int(): from strings in every base, floats, and the errors.
cases = [("42",), (" 42 ",), ("-42",), ("+7",), ("1_000",), ("0x1f", 16), ("0x1f", 0), ("0b11", 0), ("0o17", 0), ("z", 36),
         ("",), ("4 2",), ("1__0",), ("_1",), ("0x1f",), ("12", 2), ("9", 1), ("9", 37), ("010", 0), ("0",), ("00", 0),
         (3.99,), (-3.99,), (True,), (1e20,), (float("inf"),), (float("nan"),), (None,), ("3.5",), (b"17",), (b"x",),
         ("٣",), ("12", "10"), (5, 10)]
for case in cases:
    try:
        print(case, int(*case))
    except Exception as e:
        print(case, type(e).__name__, e)


class Index:
    def __index__(self):
        return 12


class Int:
    def __int__(self):
        return 5


print(int(Index()), int(Int()), [10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22][Index()], hex(Index()))
print(int(), int(-0.0), (12).real, (12).imag, (12).numerator, (12).denominator, (12).conjugate(), (3).is_integer())
print((1000).to_bytes(2), (1000).to_bytes(4, "little"), (-2).to_bytes(3, "big", signed=True))
for f in (lambda: (1000).to_bytes(1), lambda: (-1).to_bytes(2), lambda: int.from_bytes(b"\xff\xfe", "middle")):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)
print(int.from_bytes(b"\xff\xfe"), int.from_bytes(b"\xff\xfe", signed=True), (10).as_integer_ratio())
print(round(15, -1), round(25, -1), round(-15, -1), round(7), round(12345, -2), round(5, 3))
