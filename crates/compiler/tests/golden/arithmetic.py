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
