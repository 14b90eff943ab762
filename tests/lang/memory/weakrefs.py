# Weak references, proxies and callbacks.
import weakref


class C:
    def __init__(self, name):
        self.name = name

    def hello(self):
        return "hello " + self.name

    def __len__(self):
        return 7

    def __repr__(self):
        return f"C({self.name})"


log = []
c = C("c")
r = weakref.ref(c)
print(r() is c, r is weakref.ref(c), weakref.getweakrefcount(c), hash(r) == hash(c), r == weakref.ref(c))
r1 = weakref.ref(c, lambda ref: log.append(("first", ref() is None)))
r2 = weakref.ref(c, lambda ref: log.append(("second", ref is r2)))
p = weakref.proxy(c)
print(p.name, p.hello(), len(p), p, type(p).__name__, weakref.getweakrefcount(c), r1 is r2)
p.name = "renamed"
print(c.name)
del c
print(r(), r1(), log)
try:
    p.name
except ReferenceError as e:
    print(e)
print(r == r1, r is r1, r1.__callback__, r == r)
for value in (1, "s", (), None, [], {}, 1.5):
    try:
        weakref.ref(value)
        print("no error")
    except TypeError as e:
        print(e)
for value in (set(), frozenset(), lambda: 1, C, C("x"), type, len, (x for x in ()), weakref):
    print(type(value).__name__, weakref.ref(value)() is value)


class Slotted:
    __slots__ = ("a",)


class SlottedWeak:
    __slots__ = ("a", "__weakref__")


try:
    weakref.ref(Slotted())
except TypeError as e:
    print(e)
s = SlottedWeak()
print(weakref.ref(s)() is s)


class L(list):
    pass


l = L([1])
r = weakref.ref(l)
l = l[:]
print(r(), l)


def callback_error():
    c = C("err")
    return weakref.ref(c, 5 .__add__)


x = C("x")
r = weakref.ref(x, lambda ref: print("callback while", x_alive()))


def x_alive():
    return "x" in globals()


del x
print("end")
