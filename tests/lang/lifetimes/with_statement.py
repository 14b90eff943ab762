# Context managers live until their block has been left.
class D:
    def __init__(self, name):
        self.name = name
        print("+", name)

    def __del__(self):
        print("-", self.name)

    def __repr__(self):
        return self.name


class M(D):
    def __enter__(self):
        print("enter", self)
        return self

    def __exit__(self, *error):
        print("exit", self, error[0] and error[0].__name__)
        return self.name == "swallow"


with M("a"):
    print("body")
print("--")
with M("b") as b:
    print("body", b)
print("b kept")
del b
with M("c") as c, M("d") as d:
    print("both")
del d, c
with M("swallow"):
    raise ValueError
print("swallowed")


def returning():
    with M("r"):
        return D("returned")


print(returning())
for i in range(2):
    with M(f"loop {i}"):
        continue
print("--")


class Other:
    def __enter__(self):
        return D("other value")

    def __exit__(self, *e):
        print("other exit")


with Other():
    print("value not kept")
with Other() as x:
    print("value", x)
del x
try:
    with M("raise"):
        raise KeyError(D("payload"))
except KeyError:
    print("handled")
print("--")


def gen():
    with M("in generator"):
        yield 1


g = gen()
next(g)
del g
print("end")
