# Comprehension variables die with each turn.
class D:
    def __init__(self, name):
        self.name = name
        print("+", name)

    def __del__(self):
        print("-", self.name)

    def __repr__(self):
        return self.name


print([x.name for x in [D("0"), D("1")]])
print([D(f"k{i}") for i in range(2)])
print("--")
print([i for i in range(2) if D(f"if{i}").name])
print({x.name: 1 for x in (D("d0"), D("d1"))})
print(sum(1 for x in (D(f"g{i}") for i in range(3))))
print(any(x.name == "a1" for x in (D(f"a{i}") for i in range(5))))
kept = [D(f"m{i}") for i in range(3)]
kept = [x for x in kept if x.name != "m1"]
print("filtered", kept)
kept = None
print(next(x for x in [D("n0"), D("n1")]).name)
print("--")
print([(x, y) for x in [D("x")] for y in [D("y")]])
print("--")
print([[D(f"{i}{j}").name for j in range(2)] for i in range(2)])
try:
    [1 / (x.name == "ok") for x in (D("ok"), D("bad"), D("never reached"))]
except ZeroDivisionError:
    print("handling")
print("--")
print({D("set").name for _ in "ab"})
print(list(map(D, ["q0", "q1"])))
print(max((D(n) for n in "ab"), key=lambda d: d.name).name)
g = (x for x in [D("held by generator")])
print("made generator")
del g
print("end")
