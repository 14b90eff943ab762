# The subject of a match lives until the statement is over or longer if captured.
class D:
    def __init__(self, name):
        self.name = name
        print("+", name)

    def __del__(self):
        print("-", self.name)

    def __repr__(self):
        return self.name


class P:
    __match_args__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y


match D("subject"):
    case D(name="other"):
        print("other")
    case D(name=n):
        print("matched", n)
print("--")
match [D("l0"), D("l1")]:
    case [a, b]:
        print("captured", a, b)
print("after")
a = None
b = None
match P(D("px"), D("py")):
    case P(x, _):
        print("x", x)
print("after")
del x
match (D("t0"), D("t1"), D("t2")):
    case (first, *rest):
        print(first, rest)
rest = None
print("rest gone")
first = None
match {"k": D("v"), "other": D("o")}:
    case {"k": v}:
        print("v", v)
print("after")
del v
match D("guard"):
    case d if d.name == "no":
        print("no")
    case d:
        print("d", d)
del d
match D("none"):
    case None:
        print("none")
print("end")
