# reason: numbers that fit into a word are values, not heap objects, which saves memory and time.
"""Equal ints of one machine word are one object, and so are equal floats.

CPython shares only the ints from -5 to 256 and no floats, so `is` between equal numbers depends there on how they were
made. Here small ints and floats are immediate values: identity follows from the value and its sign and type. The
language reference allows both. Programs should compare numbers with `==`.
"""


def fresh_int(n):
    return int(str(n))


def fresh_float(x):
    return float(repr(x))


for n in (0, 256, 257, -6, 10**6, 2**31, 2**53, 2**60, -(2**60)):
    print(n, fresh_int(n) is fresh_int(n), id(fresh_int(n)) == id(fresh_int(n)))
for x in (0.0, 1.5, -2.25, 1e10, 0.1):
    a, b = fresh_float(x), fresh_float(x)
    print(x, a is b)
zero, minus_zero, one, flag = fresh_float(0.0), fresh_float(-0.0), fresh_int(1), fresh_int(1) == 1
print(zero is minus_zero, zero == minus_zero, one is flag, one == flag)
nan = float("nan")
print(nan is nan, nan == nan, nan in [nan])
