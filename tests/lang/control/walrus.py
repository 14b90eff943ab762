# Assignment expressions in every place.
if (n := len("abc")) > 2:
    print("n", n)
while (x := n) > 0:
    n -= 1
    print("x", x)
print([y := 1, y + 1, y ** 2], y, (z := 5) + z, [last := i for i in range(3)], last)
print(any((found := w).startswith("b") for w in ["a", "bc", "d"]), found)
print({(k := "key"): (v := "value")}, k, v, f"{(w := 3)} {w!r}", (lambda: (q := 7) + q)())


def f(a, b=(c := 10)):
    total = (a := a + 1) + b
    return a, total


print(f(1), c)


def scopes():
    values = [t := i * 2 for i in range(4)]
    nested = [[u := (i, j) for j in range(2)] for i in range(2)]
    return t, u, values


print(scopes())
data = iter([1, 2, 3, 0, 4])
out = []
while item := next(data, None):
    out.append(item)
print(out, item)
print((a := 1, b := 2), a, b, not (m := 0), m)
x = [1, 2, 3]
print(x[(i := 1)], x[(lo := 0):(hi := 2)], i, lo, hi)


def g():
    def h():
        nonlocal count
        return (count := count + 1)
    count = 0
    return h(), h(), count


print(g())
if not (m := None) and (k := "set"):
    print(m, k)
print((lambda s: [s := s * 2 for _ in range(3)] if False else s)(4))
for j in (r := range(3)):
    pass
print(r, j)
