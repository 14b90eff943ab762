# __del__ of an element runs while a list is changed, and changes it too.
class D:
    def __init__(self, name, action=lambda: None):
        self.name, self.action = name, action

    def __del__(self):
        print("del", self.name, len(a))
        self.action()


a = []
a += [D("clear 0", lambda: a.append("late")), D("clear 1")]
a.clear()
print(a)
a = [D("set", lambda: a.append("added"))]
a[0] = "new"
print(a)
a = [D("pop", lambda: a.clear()), 1, 2]
a.pop(0)
print(a)
a = [0, D("slice 1", lambda: a.append("x")), D("slice 2", lambda: a.append("y")), 3]
a[1:3] = ["new"]
print(a)
a = [D("del slice", lambda: a.insert(0, "front")), 1, D("del slice 2"), 3]
del a[::2]
print(a)
a = [D("shrink", lambda: a.clear()), D("shrink 2")]
del a[0]
print(len(a))
a = [D("multiply", lambda: a.append(5))]
a *= 0
print(a)
a = [D("sorted", lambda: None)]
a.sort(key=lambda d: d.name)
a = [D("whole list", lambda: print("inside"))]
a = ["replaced"]
print(a)


class Loop:
    def __del__(self):
        global made
        if made < 5:
            made += 1
            a.append(Loop())
            a.clear()


made = 0
a = [Loop()]
a.clear()
print("made", made)


class Chain:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        if self.n:
            print("chain", self.n)
            Chain(self.n - 1)


Chain(3)


class Holder:
    pass


h = Holder()
h.x = D("attribute", lambda: setattr(h, "x", "set in del"))
h.x = None
print(h.x)
h.y = D("deleted attribute", lambda: setattr(h, "y", "again"))
del h.y
print(h.y)
a = []
