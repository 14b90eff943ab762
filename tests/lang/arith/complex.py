# Complex numbers.
a, b = 3 + 4j, 1 - 2j
print(a + b, a - b, a * b, a / b, -a, +a, abs(a), a.conjugate(), a.real, a.imag)
print(a == 3 + 4j, a != b, a == 3, (3 + 0j) == 3, hash(3 + 0j) == hash(3), a ** 2, a ** -1, a ** 0, 2 ** a)
print(complex(1, 2), complex("1+2j"), complex("-j"), complex(" 3.5 "), complex(1.5), complex(), complex(imag=2))
print(repr(1j), repr(-1j), repr(0j), repr(-0.0 + 0j), repr(complex(0.0, -0.0)), repr(complex(1e20, float("inf"))))
print(1j * 1j, 1 + 1j, 1.5 - 0.5j, 3 * 2j, 1 / 2j)
for f in (lambda: a // b, lambda: a % b, lambda: int(a), lambda: float(a), lambda: a < b, lambda: a / 0, lambda: complex("x"),
          lambda: 0j ** -1, lambda: complex("1+2j", 1)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
print(sum([1j, 2, 3.5]), bool(0j), bool(1j), complex.__name__, isinstance(1j, complex))
print(f"{a:.2f} {a:>12} {b:+.1e}", str(a), "%s" % b)
