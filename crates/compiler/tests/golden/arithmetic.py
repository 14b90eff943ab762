def operators(x, y):
    z = x + 1 - y * 2
    z **= x
    z -= 5
    if 0 <= z < 10 and not x or y == 3:
        return x if y else -z
    return (x := y) + x + (1 << 10) + 2 * 3.5


def chained(a, f):
    return a < f() <= 3 != a


def rebinding(x):
    return x + (x := 5)


def handed_on(x, y, z):
    x = x * y + z - z * (y * x)
    y = z + x * y - 1
    return x * y - z[x:y:z] * 2 + (x * y + x * y)
