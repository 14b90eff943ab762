# modes: auto
# __del__ inside cycles: once each, all before anything is cleared; resurrection keeps the cycle.
import gc


class Node:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("del", self.name, "sees", self.other.name)


gc.collect()
a, b = Node("a"), Node("b")
a.other, b.other = b, a
del a, b
print("dropped")
gc.collect()
print("collected")
c = Node("c")
c.other = c
c = None
gc.collect()
saved = []


class Phoenix:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("phoenix", self.name)
        saved.append(self)


p = Phoenix("p")
p.self = p
del p
gc.collect()
print("saved", saved[0].name, saved[0].self is saved[0])
saved.clear()
gc.collect()
print("no second __del__")


class Tail:
    def __del__(self):
        print("tail dies")


class Carrier:
    pass


k = Carrier()
k.me = k
k.tail = Tail()
del k
print("tail hangs on a cycle")
gc.collect()
x, y = Phoenix("x"), Carrier()
x.y, y.x = y, x
y.tail = Tail()
del x, y
gc.collect()
print("tail saved with x:", type(saved[0].y.tail).__name__)
saved[0].y.x = None
saved.clear()
print("end")
