# Loop variables hold one object at a time, and the last one after the loop.
class D:
    def __init__(self, name):
        self.name = name
        print("+", name)

    def __del__(self):
        print("-", self.name)

    def __repr__(self):
        return self.name


for x in [D("0"), D("1"), D("2")]:
    print("body", x)
print("after", x)
x = None
print("--")
for x in (D(f"g{i}") for i in range(3)):
    print("body", x)
print("after generator", x)
del x
for i in range(3):
    t = D(f"t{i}")
    print("made", i)
print("after range")
del t
for x in [D("b0"), D("b1")]:
    break
print("after break")
del x
while D("condition").name == "condition":
    print("in while")
    break
print("--")
items = [D("p0"), D("p1"), D("p2")]
while items:
    items.pop()
    print("left", items)
for a, b in [(D("a0"), D("b0")), (D("a1"), D("b1"))]:
    print("pair", a, b)
del a, b
print("--")
for i, x in enumerate([D("e0"), D("e1")]):
    print(i, x)
del x
for k in {"k": D("dv")}:
    print("key", k)
print("--")
for v in {"k": D("dv")}.values():
    print("value", v)
del v
for x in iter([D("z0"), D("z1")]):
    pass
print("--")


def early():
    for x in [D("r0"), D("r1")]:
        return "returned"


print(early())


def raising():
    for x in [D("x0"), D("x1")]:
        raise ValueError


try:
    raising()
except ValueError:
    print("handling")
print("end")
