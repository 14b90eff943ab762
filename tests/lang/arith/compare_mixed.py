# Exact comparison between ints and floats, and with other types.
pairs = [(1, 1.0), (2**53, 2.0**53), (2**53 + 1, 2.0**53), (2**61, 2.0**61), (2**61 + 1, 2.0**61), (2**63, 2.0**63),
         (2**63 - 1, 2.0**63), (2**64 + 1, 2.0**64), (10**400, 1e308), (-10**400, -1e308), (10**22, 1e22), (10**23, 1e23),
         (0, -0.0), (3, 3.5), (-3, -3.5), (10**400, float("inf")), (1, float("nan"))]
for a, b in pairs:
    print(a if a < 10**30 and a > -10**30 else "huge", b, a == b, a != b, a < b, a <= b, a > b, a >= b, b < a, b == a)
print(True == 1, True == 1.0, False < 0.5, True < 2, True is True)
print(1 == "1", 1 != "1", 1.0 == None, None == None, (1,) == [1])
for f in (lambda: 1 < "a", lambda: None < 1, lambda: [] > (), lambda: 1j < 2, lambda: {} <= {}, lambda: object() >= 1):
    try:
        f()
    except TypeError as e:
        print(e)
print(hash(1) == hash(1.0) == hash(True), {1: "a", 1.0: "b", True: "c"}, {0.5: 1}[0.5])
print(1 < 2 < 3, 1 < 3 < 2, 3 > 2 > 1, 1 == 1.0 == True, 1 < 2 > 0 != 5)
print(2**62 == 4.611686018427388e18, 2**62 + 1 == 4.611686018427388e18, 2**62 < 4.611686018427389e18)
print(sorted([3, 1.5, -2, 2**70, 0.1, True, -1e30]), max(2**53 + 1, 2.0**53), min(2**53 + 1, 2.0**53))
