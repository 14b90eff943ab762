# del of names, items, slices, attributes, several at once.
class D:
    def __init__(self, name):
        self.name = name
        print("+", name)

    def __del__(self):
        print("-", self.name)

    def __repr__(self):
        return self.name


a = b = D("shared")
del a
print("b still", b)
del b
print("--")
a, b = D("1"), D("2")
del b, a
print("--")
items = [D("l0"), D("l1"), D("l2"), D("l3"), D("l4")]
del items[1], items[-1]
print(items)
del items[:2]
print(items)
del items
print("--")
d = {1: D("d1"), 2: D("d2")}
del d[1]
print(d)
d.pop(2)
print(d)
d[3] = D("d3")
d.popitem()
print("--")


def local():
    x = D("local x")
    y = D("local y")
    del x
    print("x gone")
    try:
        x
    except UnboundLocalError as e:
        print(e)
    print("leaving")


local()


def cell():
    c = D("cell")

    def use():
        return c
    print(use())
    del c
    print("cell emptied")


cell()
a = D("nested")
l = [[a]]
del a
print("in list")
del l[0][0]
print(l)
for i in range(2):
    t = D(f"loop {i}")
    del t
    print("deleted in loop")
del (l)
(a, b) = D("p1"), D("p2")
del (a, b)
print("end")
