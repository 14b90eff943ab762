# Generators hold their locals until they finish, close or die.
class D:
    def __init__(self, name):
        self.name = name
        print("+", name)

    def __del__(self):
        print("-", self.name)

    def __repr__(self):
        return self.name


def gen(n):
    a = D(f"a{n}")
    try:
        yield 1
        b = D(f"b{n}")
        yield 2
    finally:
        print("finally", n)


g = gen(1)
print("not started")
del g
g = gen(2)
next(g)
print("started")
del g
g = gen(3)
next(g), next(g)
g.close()
print("closed")
print(list(gen(4)))
print("exhausted")
g = gen(5)
next(g)
try:
    g.throw(ValueError)
except ValueError:
    print("thrown")
print("--")


def values():
    for i in range(3):
        yield D(f"v{i}")


for v in values():
    print("got", v)
    if v.name == "v1":
        break
print("after break")
del v


def argument(x):
    print("running")
    yield x.name


g = argument(D("argument"))
print("argument held")
print(next(g))
print(next(g, "done"))


def outer():
    yield from gen(6)


g = outer()
next(g)
print("delegating")
del g
print("--")
a, *b = values()
print(a, b)
del a, b


def receiver():
    while True:
        x = yield
        print("received", x)


r = receiver()
next(r)
r.send(D("s0"))
print("between")
r.send(D("s1"))
r.close()
print("end")
