# format() of floats with every part of the specification.
inf, nan = float("inf"), float("nan")
for x in (0.0, -0.0, 1.0, -1.5, 3.14159265, 1e10, 1e-10, 1e16, 123456789.123456789, 1e100, 5e-324, 0.5, 2.5, 1e21, inf, -inf, nan):
    print(repr(x), [format(x, s) for s in ("", "f", "e", "g", "%", "E", "F", "G", "n", ".0f", ".1f", ".2f", ".3e", ".3g", ".10g", ".0e", ".0%", ".1%", "#.0f", "#g", ".17g")])
    print([format(x, s) for s in ("10", "<10.1f", ">10.1f", "^10.1f", "=+10.1f", "010.1f", "*^12.2e", "+", " ", "+.1f", " .1f", ",.2f", "_.1f", "z.1f", "+010.2f", ".5", "12.5", "12,.3f")])
for x, s in ((1.5, "d"), (1.5, "x"), (1.5, "s"), (1.5, "c"), (1.5, ".f"), (1.5, "q"), (1.5, ".2.2f"), (1.5, "5.f"), (1.5, "%d"), (1.5, ".999999999999f")):
    try:
        print(repr(s), format(x, s)[:20])
    except Exception as e:
        print(repr(s), type(e).__name__, e)
print(format(1 + 2j, ".2f"), format(1j, ">10"), format(-1.5 + 0j, "+.1e"), round(2.675, 2), round(-0.5), round(1e300, -299), round(1.25, 1), round(0.15, 1), "%.2f" % 1.005, f"{1.005:.2f}", f"{0.1 + 0.2}", f"{1e22} {1e23} {1.7976931348623157e308}")
print(str(1e15), str(1e16), str(123456789012345680.0), str(1e-4), str(1e-5), str(0.1 + 0.7), str(100.0), str(1.0e5), repr(2.0**-1074), repr(9007199254740993.0), 4.35, 0.3, 2/3, 1e3, 1.5e300 * 1e10)
