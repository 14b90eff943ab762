# Digits of pi and e, large primes, modular arithmetic: work for big integers.
def pi_digits(n):
    q, r, t, k, m, x = 1, 0, 1, 1, 3, 3
    out = []
    while len(out) < n:
        if 4 * q + r - t < m * t:
            out.append(m)
            q, r, m = 10 * q, 10 * (r - m * t), 10 * (3 * q + r) // t - 10 * m
        else:
            q, r, t, k, m, x = q * k, (2 * q + r) * x, t * x, k + 1, (q * (7 * k + 2) + r * x) // (t * x), x + 2
    return "".join(map(str, out))


def isqrt(n):
    x = 1 << (n.bit_length() + 1) // 2
    while True:
        y = (x + n // x) // 2
        if y >= x:
            return x
        x = y


def is_prime(n):
    if n < 2 or n % 2 == 0:
        return n == 2
    d, s = n - 1, 0
    while d % 2 == 0:
        d, s = d // 2, s + 1
    for a in (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37):
        if a >= n:
            continue
        x = pow(a, d, n)
        if x in (1, n - 1):
            continue
        for _ in range(s - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


def egcd(a, b):
    x, y, u, v = 1, 0, 0, 1
    while b:
        q = a // b
        a, b, x, y, u, v = b, a - q * b, u, v, x - q * u, y - q * v
    return a, x, y


print(pi_digits(120))
scale = 10**80
total = term = scale
for i in range(1, 70):
    term //= i
    total += term
print(str(total)[:60])
print(isqrt(2 * 10**120), isqrt(10**40), isqrt(10**40 - 1))
print([p for p in range(2**61 - 100, 2**61 + 50) if is_prime(p)], is_prime(2**127 - 1), is_prime(2**128 + 1), [n for n in range(60) if is_prime(n)])
p, q = 2**89 - 1, 2**107 - 1
n, phi, e = p * q, (p - 1) * (q - 1), 65537
g, d, _ = egcd(e, phi)
d %= phi
message = int.from_bytes(b"memory", "big")
secret = pow(message, e, n)
print(g, secret, pow(secret, d, n).to_bytes(6, "big"), pow(e, -1, phi) == d)
collatz = 27
steps = 0
while collatz != 1:
    collatz = collatz * 3 + 1 if collatz & 1 else collatz >> 1
    steps += 1
print(steps)
x = 2**400 - 593
print([f"{x:x}"[:20], f"{x:o}"[:20], f"{x:b}"[:20], f"{x:,}"[:20], f"{x:e}"], x % 10**9, x // 10**100)
