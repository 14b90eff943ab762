# What dies when containers shrink, are copied, sorted, joined.
class D:
    def __init__(self, name):
        self.name = name
        print("+", name)

    def __del__(self):
        print("-", self.name)

    def __repr__(self):
        return self.name


l = [D("a"), D("b"), D("c")]
c = l.copy()
del l
print("copy keeps")
c.remove(c[1])
print(c)
c.insert(0, D("i"))
c *= 0
print("emptied")
t = (D("t0"), D("t1"))
u = t + (D("t2"),)
del t
print("sum keeps")
u = u[1:]
print("sliced", u)
del u
s = {D("s")}
s.clear()
print("--")
d = {D("key"): D("value")}
d.clear()
print("--")
d = dict(a=D("1"), b=D("2"))
e = {**d}
del d
print("merged keeps")
e.pop("a")
e["b"] = None
print("--")
d = {"x": D("dx")}
d |= {"x": D("dx2")}
print("updated")
del d
z = list(zip([D("z0")], [D("z1")]))
print("zipped")
z = z[0][1]
print("picked", z)
del z
nested = [[[D("deep")]]]
nested = nested[0]
print("peeled")
nested = nested[0][0]
print("peeled", nested)
del nested
r = list(reversed([D("r0"), D("r1")]))
del r[0]
print("--")
r.extend([D("x0")])
r.pop(0)
r.sort(key=lambda d: d.name)
print(r)
r[:] = []
it = iter([D("it0"), D("it1")])
next(it)
print("advanced")
del it
m = map(lambda x: x, [D("m")])
del m
print("end")
