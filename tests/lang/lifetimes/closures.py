# Cells keep what closures need for as long as the last closure lives.
class D:
    def __init__(self, name):
        self.name = name
        print("+", name)

    def __del__(self):
        print("-", self.name)

    def __repr__(self):
        return self.name


def make(n):
    value = D(f"cell {n}")
    unused = D(f"unused {n}")

    def get():
        return value
    print("returning", n)
    return get


f = make(1)
print("closure", f())
g = f
del f
print("still", g())
del g
print("--")


def pair():
    shared = D("shared")

    def get():
        return shared

    def set(x):
        nonlocal shared
        shared = x
    return get, set


get, set_ = pair()
set_(D("replacement"))
print("replaced", get())
del set_
print("setter gone", get())
del get
print("--")


def loop():
    fs = []
    for i in range(3):
        d = D(f"loop {i}")
        fs.append(lambda: d)
    return fs


fs = loop()
print([f() for f in fs])
fs.clear()
print("--")


def defaults():
    return [lambda d=D(f"default {i}"): d for i in range(2)]


fs = defaults()
print("made")
fs.pop()
print("popped")
del fs


def counter():
    d = D("kept by inner")

    def outer_f():
        def inner_f():
            return d
        return inner_f
    return outer_f


o = counter()
i = o()
del o
print("outer gone")
del i
print("end")
