# Sums and parts of tuples and lists: of exact ones, of subclasses, of empty ones, in place, and what is refused.
class T(tuple):
    pass


class L(list):
    def __add__(self, other):
        return "L.__add__"

    def __radd__(self, other):
        return "L.__radd__"

    def __iadd__(self, other):
        return "L.__iadd__"


class R(tuple):
    def __radd__(self, other):
        return ("R.__radd__", *other)


def show(*values):
    print(*(f"{type(v).__name__} {v!r}" for v in values), sep=" | ")


def sums():
    a, b, empty = (1, 2), (3,), ()
    show(a + b, a + empty, empty + a, empty + empty)
    print(a + empty is a, empty + a is a, a[:] is a, a[0:2] is a)
    t, none = T(a), T()
    show(t + b, b + t, t + empty, empty + t, none + a, a + none, none + none, a + R((9,)), t + R())
    print(t + empty is t, none + a is a, a + none is a, empty + t is t)
    print(none + none is empty, T(none) + T() is empty, none * 3 is empty, t[3:] is empty)
    x, y = [1, 2], [3]
    z = x
    show(x + y, x + [], [] + x, [] + [])
    print((x + []) is x)
    show(x + L(y), L(x) + y, [*x] + [*y])
    x += y
    show(x, z)
    print(x is z)
    x = x + y
    print(x is z, z)
    l = L(x)
    l += y
    show(l)
    a += b
    show(a)
    a += T((7,))
    show(a)
    x += x
    show(x, x + x)


def parts():
    t, l, empty = (0, 1, 2, 3, 4), [0, 1, 2, 3, 4], ()
    for s in (t, T(t), l, L(l)):
        show(s[:2], s[2:], s[:], s[1:4], s[-2:], s[:-2], s[::2], s[::-1], s[4:1:-2], s[9:], s[3:1], s[-9:9], s[:0], s[2**70:], s[-2**70:2**70])
    print(t[:] is t, t[0:] is t, t[-5:5] is t, t[::1] is t, T(t)[:] == t, t[1:1] is empty)
    i, j = 1, 3
    show(t[i:j], l[i:j], t[j:i], t[i:], t[:j], t[i::2], l[j:i:-1])


def refused():
    for left, right in [((1,), [2]), ([1], (2,)), ((1,), 2), ([1], None), (1, (2,)), ((1,), "a"), ("a", (1,))]:
        try:
            print(left + right)
        except TypeError as error:
            print(error)
    x = [1]
    x += (2, 3)
    x += "ab"
    print(x)
    t = (1,)
    try:
        t += [2]
    except TypeError as error:
        print(error)
    try:
        t["a":]
    except TypeError as error:
        print(error)
    try:
        t[::0]
    except ValueError as error:
        print(error)


def freed():
    class Noisy:
        def __init__(self, name):
            self.name = name

        def __del__(self):
            print("gone", self.name)

    t = (Noisy("a"),) + (Noisy("b"),)
    u = t[1:]
    del t
    print("left", u[0].name)
    del u
    s = [Noisy("c")] + [Noisy("d")]
    del s[0]
    print("left", s[0].name)
    s = s + [Noisy("e")]
    del s


for _ in range(3):
    sums()
    parts()
refused()
freed()
