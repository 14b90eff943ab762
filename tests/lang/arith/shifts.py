# Shifts by every interesting amount, and the bit tricks built on them.
for n in (0, 1, 5, -1, -5, 2**31, -(2**31), 2**61 - 1, -(2**61), 2**62, 2**63, -(2**63), 2**64 - 1):
    for s in (0, 1, 2, 31, 32, 61, 62, 63, 64, 65, 127):
        print(n, s, n << s, n >> s)
print(1 << 1000 == 2**1000, (1 << 1000) >> 999, 5 >> 10**30, -5 >> 10**30, 0 << 10**30)
n = 0b1011000
print(n & -n, n & (n - 1), (n ^ (n - 1)) & n, bin(n | (n - 1)), bin(~n & 0xFF))
x = 12345
bits = []
while x:
    low = x & -x
    bits.append(low.bit_length() - 1)
    x ^= low
print(bits)
n = 1
n <<= 70
print(n)
n >>= 69
print(n)
n |= 1 << 65
n ^= 2
n &= ~(1 << 65)
print(n)
try:
    1 << 2.0
except TypeError as e:
    print(e)
try:
    1.0 >> 1
except TypeError as e:
    print(e)
