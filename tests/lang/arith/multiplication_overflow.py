# Products near the limit of one word, checked by division and by sums.
import sys

factors = [1, -1, 2, 3, 5, 2**15, 2**30, 2**31 - 1, -(2**31), 3037000499, 3037000500, -3037000500, 2**32, 2**45, 2**60, 2**61 - 1, -(2**61), 2**62]
bad = 0
for a in factors:
    for b in factors:
        p = a * b
        if p // b != a or p % b != 0 or p != b * a or (p + a) != a * (b + 1) or (p < 0) != ((a < 0) != (b < 0)):
            bad += 1
            print("wrong", a, b, p)
print(bad)
for a in factors:
    print(a, a * a, a * 2**31, a * -3, (a * 10**18) % 1000003, a * 0, a * True)
x = 3
for i in range(8):
    x *= x
    print(i, x if x < 10**40 else len(str(x)), x.bit_length())
print(sys.maxsize * 2, sys.maxsize + 1, -sys.maxsize - 2, (sys.maxsize + 1) // 2, sys.maxsize * sys.maxsize)
n, total = 1, 0
while n < 10**25:
    total += n
    n *= 7
print(n, total)
print([7**k for k in range(0, 40, 4)], [(-3)**k for k in range(0, 60, 7)])
