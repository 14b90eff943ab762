# An instance takes its attributes along, after its own __del__.
class D:
    def __init__(self, name):
        self.name = name
        print("+", name)

    def __del__(self):
        print("-", self.name)

    def __repr__(self):
        return self.name


class Holder:
    def __init__(self, name):
        self.name = name
        self.first = D(name + ".first")
        self.second = D(name + ".second")

    def __del__(self):
        print("holder", self.name, "dies with", self.first)


h = Holder("h")
h.third = D("h.third")
del h
print("--")
h = Holder("g")
h.first = D("replaced")
h = None
print("--")


class Slots:
    __slots__ = ("b", "a")

    def __del__(self):
        print("slots die")


s = Slots()
s.a = D("slot a")
s.b = D("slot b")
del s
print("--")


class Chain:
    def __init__(self, name, next=None):
        self.name, self.next = name, next

    def __del__(self):
        print("link", self.name)


c = Chain(1, Chain(2, Chain(3)))
c = c.next
print("one dropped")
del c
print("--")
m = D("bound").__repr__
print(m())
del m
print("--")


class P:
    @property
    def temp(self):
        return D("from property")

    def method(self):
        return D("from method")


P().temp
print("--")
print(P().method().name)
h = Holder("v")
v = vars(h)
h = None
print("dict kept", sorted(v))
v.clear()
print("--")


class Sub(list):
    def __del__(self):
        print("sublist of", len(self))


s = Sub([D("item")])
s.extra = D("extra")
del s
print("end")
