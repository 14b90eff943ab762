# format() of ints with every part of the specification.
for n in (0, 7, -7, 42, 255, -255, 123456789, 2**70, -(2**64)):
    print([format(n, s) for s in ("", "d", "b", "o", "x", "X", "#b", "#o", "#x", "#X", "n", "+", "-", " ", "+d", " d", ",", "_", "_b", "_x", ",d")])
    print([format(n, s) for s in ("10", "<10", ">10", "^10", "=10", "010", "*<10", "*>10", "*^10", "*=10", "+010", "#010x", "=+10", "é^10", "010,", "015_", "#_b", "<010")])
    print([format(n, s) for s in ("e", "f", "g", ".2f", ".3e", "%", ".1%", "10.2f", "E", "G", ",.2f", "+.1f", "F")])
print([format(c, "c") for c in (65, 0x4e2d, 0x1F600)], format(65, "5c"), format(True), format(True, "d"), format(True, "5"), format(False, "x"))
for n, s in ((5, "s"), (5, ".2d"), (5, "q"), (5, ",x"), (5, "_c"), (-1, "c"), (5, "+c"), (5, "5 "), (5, ".d"), (5, "1.5"), (5, "--5"), (5, ",_"), (5, "{"), (5, "999999999999999999999999"), (5, "#c"), (0x110000, "c"), (5, ",n")):
    try:
        print(repr(s), format(n, s))
    except Exception as e:
        print(repr(s), type(e).__name__, e)
