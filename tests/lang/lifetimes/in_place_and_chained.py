# Augmented and chained assignment, walrus, conditional expressions.
class D:
    def __init__(self, name):
        self.name = name
        print("+", name)

    def __del__(self):
        print("-", self.name)

    def __repr__(self):
        return self.name


class A(D):
    def __iadd__(self, other):
        print("iadd", self, other)
        return A(self.name + other.name)

    def __lt__(self, other):
        print("lt", self, other)
        return self.name < other.name


a = A("1")
a += A("2")
print("now", a)
l = [A("x")]
l[0] += A("y")
print("now", l)
del a, l
print(A("a") < A("b") < A("c"))
print(A("b") < A("a") < A("never"))
if (w := D("walrus")).name:
    print("w", w)
w = D("w2") if w else None
print("w", w)
w = w and D("w3")
print("w", w)
x = y = z = [D("three")]
x = y = None
print("z", z)
z = None
print((q := D("q")).name, (q := D("q2")).name)
del q
s = ""
for d in (D("s0"), D("s1")):
    s += d.name
print(s)
del d
n = D("n")
n = (n, n)
n = n[0]
print("n", n)
n = [n, n, n]
n.pop()
print(n)
del n[:]
print("end")
