# Temporaries in expressions die as soon as the step that used them is over.
class D:
    def __init__(self, name):
        self.name = name
        print("+", name)

    def __del__(self):
        print("-", self.name)

    def __repr__(self):
        return self.name


class N(D):
    def __add__(self, other):
        print("add", self, other)
        return N(f"({self.name}+{other.name})")

    def __bool__(self):
        return bool(self.name)

    def __eq__(self, other):
        print("eq", self, other)
        return True

    def __getitem__(self, i):
        return N(f"{self.name}[{i}]")


print("1", N("a") + N("b") + N("c"))
print("2", N("x").name, N("y").name)
print("3", N("p")[0][1])
print("4", N("q") == N("r"), "end")
print("5", N("s") and N("t"))
print("6", N("") or N("u"))
print("7", not N("v"))
print("8", N("w") is None, N("w2") is not None)
print("9", "yes" if N("z") else "no")
print("10", N("a") == N("b") == N("c"))
N("statement")
print("11")
[N("in list"), N("in list 2")]
print("12")
(N("in tuple"), 1)[1]
print("13", [N("i"), N("j")][0])
print("14", {"k": N("k")}["k"])
print("15", f"{N('m')} {N('n')!r}")
-1 if N("cond") else 1
print("16", (N("one"), N("two"))[1].name)
print("17", [N("z1"), N("z2")].pop().name)
print("18", len([N("l1"), N("l2")]))
