# Names, items, attributes: the old value dies after the new one is in place.
class D:
    def __init__(self, name):
        self.name = name
        print("+", name)

    def __del__(self):
        print("-", self.name)

    def __repr__(self):
        return self.name


def show():
    print("x is", x)


class Watch(D):
    def __del__(self):
        print("-", self.name)
        show()


x = Watch("a")
x = D("b")
print("--")
x = y = D("c")
x = None
print("y keeps", y)
y = None
items = [D("i0"), D("i1"), D("i2"), D("i3")]
items[0] = D("new i0")
print("--")
items[1:3] = [D("slice")]
print("--")
del items[0]
print("--")
items.clear()
table = {"k": D("v1")}
table["k"] = D("v2")
table.update(k=D("v3"))
del table["k"]
print("--")


class Holder:
    pass


h = Holder()
h.a = D("attr 1")
h.a = D("attr 2")
del h.a
print("--")
h.b = D("attr 3")
h = None
print("--")
Holder.c = D("class attr 1")
Holder.c = D("class attr 2")
del Holder.c
a, b = D("left"), D("right")
a, b = b, a
print("swapped")
a = b = None
x = [D("in list")]
x += [D("added")]
x = x[1:]
print("sliced")
x = ()
print("end")
