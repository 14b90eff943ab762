# Floor division and modulo for every combination of signs and sizes obey q*b + r == a.
values = [0, 1, -1, 2, -2, 3, -3, 7, -7, 10, -10, 2**31, -(2**31), 2**61, -(2**61), 2**62, -(2**62), 2**63, -(2**63), 10**30, -(10**30)]
bad = []
for a in values:
    for b in values:
        if b == 0:
            continue
        q, r = divmod(a, b)
        if q * b + r != a or not (0 <= r < b or b < r <= 0) or q != a // b or r != a % b:
            bad.append((a, b, q, r))
print(bad)
for a in (7, -7, 2**62 + 3, -(2**62) - 3, 10**30):
    print(a, [a // b for b in (2, -2, 3, -3, 2**40, -(2**40), 2**70)], [a % b for b in (2, -2, 3, -3, 2**40, -(2**40), 2**70)])
floats = [7.5, -7.5, 0.5, -0.5, 1e300, -1e-300, 5.0]
for a in floats:
    print(a, [a // b for b in (2.0, -2.0, 0.3, 1e10)], [a % b for b in (2.0, -2.0, 0.3, 1e10)])
print(divmod(7, 2.0), divmod(-7, 2.0), 7 // 2.0, -7 % 2.0, 2**62 % 1.5, 5 % float("inf"), -5 % float("inf"), 0.0 // 1, -0.0 // 1)
print(divmod(True, 2), True // True, divmod(2**62, -1), divmod(-(2**62), -1), -(2**61) // -1, (2**61) * -1 // -1)
