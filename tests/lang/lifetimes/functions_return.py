# Locals die when the function returns, in the order they were declared.
class D:
    def __init__(self, name):
        self.name = name
        print("+", name)

    def __del__(self):
        print("-", self.name)

    def __repr__(self):
        return self.name


def f():
    a = D("a")
    b = D("b")
    c = D("c")
    print("leaving")


def g(p, q):
    r = D("r")
    return q


def h():
    a = D("first")
    return D("result")


def early(flag):
    a = D("early a")
    if flag:
        return 1
    b = D("early b")
    return 2


def chain():
    x = D("chain")
    return x


def implicit():
    t = [D("t0"), D("t1")]


f()
print("--")
print(g(D("p"), D("q")))
print("--")
print(h())
print("--")
print(early(True), early(False))
chain()
print("--")
x = chain()
print("got", x)
del x
implicit()
print("--")


def nested():
    outer = D("outer")

    def inner():
        i = D("inner")
        return outer
    return inner()


print(nested())
print("--")


def default(x=D("made at def")):
    return x


print(default())
del default
print("default gone")


def finish():
    a = D("in try")
    try:
        return a.name
    finally:
        print("finally")


print(finish())


def unpack():
    a, b = D("u0"), D("u1")
    a = None
    print("a dropped")


unpack()
print("end")
