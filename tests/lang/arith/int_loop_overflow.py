# Loops whose accumulator grows out of the fast representation and comes back.
x = 1
for i in range(70):
    x = x * 2
    if i > 56:
        print(i, x, x - 1, -x)
while x > 2**55:
    x //= 3
print(x)
n = 2**61 - 3
for _ in range(6):
    n += 1
    print(n, n == 2**61, n > 2**61 - 1, n < 2**61)
n = -(2**62) + 3
while n > -(2**62) - 3:
    n -= 1
    print(n)
total = 0
for i in range(2**62 - 2, 2**62 + 3):
    total += i
    print(i, total)
f = 1
for i in range(1, 31):
    f *= i
print(f)
a, b = 0, 1
for _ in range(200):
    a, b = b, a + b
print(a)
i = 2**63 - 2
while i < 2**63 + 2:
    i += 1
print(i)
