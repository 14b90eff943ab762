# sys.getrefcount at module level: names, containers, attributes, and the immortal None.
import sys

a = []
print(sys.getrefcount(a))
b = a
print(sys.getrefcount(a), sys.getrefcount(b))
c = [a, a]
print(sys.getrefcount(a))
c.pop()
print(sys.getrefcount(a))
del b, c
print(sys.getrefcount(a))
print(sys.getrefcount(None), sys.getrefcount([]), sys.getrefcount(object()))


class Box:
    pass


def change(before, what):
    print(f"{what}: {sys.getrefcount(a) - before:+d}")


n = sys.getrefcount(a)
box = Box()
box.a = a
change(n, "attribute")
del box
change(n, "instance gone")
d = {"k": a, (1, 2): a}
change(n, "two values")
d = None
change(n, "dict gone")
t = (a,) * 5
change(n, "tuple of five")
t = None
change(n, "tuple gone")
f = lambda x=a: x
change(n, "default")
del f
change(n, "function gone")
g = (x for x in a)
change(n, "generator over it")
del g
change(n, "generator gone")
m = a.append
change(n, "bound method")
del m
change(n, "method gone")
i = iter(a)
change(n, "iterator")
next(i, None)
change(n, "exhausted iterator")
z = zip(a, a)
change(n, "zip")
del z
r = reversed(a)
change(n, "reversed")
del r
change(n, "all gone")
