# Unpacked values belong to their targets at once.
class D:
    def __init__(self, name):
        self.name = name
        print("+", name)

    def __del__(self):
        print("-", self.name)

    def __repr__(self):
        return self.name


a, b = [D("l0"), D("l1")]
print("list gone")
a, b = D("n0"), D("n1")
print("rebound")
(a, b), c = (D("t0"), D("t1")), D("t2")
print("nested")
a = b = c = None
print("--")
first, *rest = D("s0"), D("s1"), D("s2")
print(first, rest)
first = None
print("first gone")
rest = None
try:
    a, b = [D("e0"), D("e1"), D("e2")]
except ValueError as e:
    print(e)
print("--")
try:
    a, b, c = [D("f0"), D("f1")]
except ValueError as e:
    print(e)
print("--")
a, b = (D(f"g{i}") for i in range(2))
print("from generator")
a = a.name
print("a is a string")
b = None
x = [D("x0"), D("x1")]
x[0], x[1] = x[1], x[0]
print("swapped", x)
x = None
_, _ = D("u0"), D("u1")
print("same name twice")
del _
[a, [b]] = D("p"), [D("q")]
print(a, b)
del a, b
print([*[D("star")], D("tail")])
print({**{"k": D("double star")}})
print("end")
