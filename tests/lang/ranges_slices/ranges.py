# range objects.
for r in (range(5), range(2, 5), range(0, 10, 3), range(10, 0, -3), range(0), range(5, 5), range(3, 1), range(-3, 3, 2), range(10**20, 10**20 + 3)):
    print(r, list(r), len(r), bool(r), r.start, r.stop, r.step, list(reversed(r)))
r = range(0, 100, 7)
print(r[0], r[-1], r[3], r[2:5], r[::-1], r[::2], r[100:], 21 in r, 22 in r, 21.0 in r, "a" in r, r.index(21), r.count(21), r.count(5))
print(range(3) == range(0, 3), range(0, 3, 2) == range(0, 4, 2), range(0) == range(5, 5), hash(range(3)) == hash(range(0, 3, 1)), range(3) != range(4), range(3) == [0, 1, 2])
print(len(range(10**6)), range(10**6)[999999], sum(range(10**5)), 10**17 in range(10**18), len(range(0, 2**62)), range(2**70)[2**69], max(range(5)), min(range(5)))
for f in (lambda: range(1.0), lambda: range(1, 2, 0), lambda: range(), lambda: range(3)[3], lambda: range(3)[-4], lambda: range(3).index(9), lambda: range("3"), lambda: len(range(2**64)), lambda: range(1, 2, 3, 4), lambda: range(3) < range(4)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
try:
    range(3)[0] = 1
except TypeError as e:
    print(e)
try:
    range(3).start = 1
except AttributeError as e:
    print(e)
it = iter(range(3))
print(next(it), list(it), next(it, None), it.__length_hint__())
for i in range(3):
    for j in range(i, 3):
        if j == 2:
            break
        print(i, j)
print(i, j)
for i in range(5):
    i += 10
print(i, [*range(4, -1, -1)], dict.fromkeys(range(2)), list(zip(range(3), range(5, 2, -1))), tuple(map(abs, range(-2, 2))))
for i in range(2**62 - 1, 2**62 + 2):
    print(i)
for i in range(-(2**63) - 1, -(2**63) + 1):
    print(i)
