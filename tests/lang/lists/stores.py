# Items of lists written at once: the old item, the new one and the list go at their step, and finalizers see where the program is.
import sys


class Loud:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("gone", self.name, sys._getframe(1).f_lineno - sys._getframe(1).f_code.co_firstlineno)


def store(l, k):
    l[0] = Loud("first")
    l[k] = Loud("second")
    l[0] = None
    l[k] = 1.5
    l[-1] = Loud("last")
    l[k - 2] = 2
    l[len(l) - 1] = l
    l[-1] = 0


store([0, 0, 0], 1)


def temporaries(k):
    [Loud("a"), Loud("b")][0] = 1
    [Loud("c"), Loud("d")][k] = Loud("e")
    [1, 2][k + 0] = Loud("f")
    x = Loud("g")
    y = [x, x]
    y[0] = y[1]
    y[k] = x
    y[k] = y[0] = 1
    print("end")
    x = None


temporaries(1)


class Turned:
    """Looks at the list while its old item goes."""

    def __init__(self, l):
        self.l = l

    def __del__(self):
        print("sees", len(self.l), self.l[0])
        self.l.append("more")


def turned():
    l = [0, 1]
    l[0] = Turned(l)
    l[0] = "new"
    print(l)
    k = 1
    l[k] = Turned(l)
    l[k] = "other"
    print(l)


turned()


def refused(l, k, value):
    try:
        l[k] = value
    except Exception as error:
        print(type(error).__name__, error)
    try:
        l[7] = value
    except Exception as error:
        print(type(error).__name__, error)
    try:
        print(l[k])
    except Exception as error:
        print(type(error).__name__, error)


for k in (3, -4, 2**61, -(2**61), 2**61 - 1, 2**80, "a", 1.5, None):
    refused([1, 2, 3], k, 5)
refused((1, 2, 3), 1, 5)
refused("abc", -1, 5)
refused(b"abc", -3, 5)
for k in (True, False, -1, -3, 2):
    l = [1, 2, 3]
    l[k] = 9
    print(l, l[k], (7, 8, 9)[k])


class Sub(list):
    def __setitem__(self, k, v):
        print("set", k, v)
        super().__setitem__(k, v)


s = Sub([1, 2])
s[0] = 5
k = 1
s[k] = 6
print(s)
