# Arguments die when the callee lets go of them, or after the call.
class D:
    def __init__(self, name):
        self.name = name
        print("+", name)

    def __del__(self):
        print("-", self.name)

    def __repr__(self):
        return self.name


def nothing(x):
    print("in nothing", x)


def drop(x):
    del x
    print("after del in drop")


def rebind(x):
    x = None
    print("after rebinding")


def give_back(x):
    return x


def two(a, b):
    print("in two", a, b)
    return 5


def star(*args, **kwargs):
    print("in star", args, kwargs)
    del args
    print("args deleted")
    del kwargs
    print("kwargs deleted")


nothing(D("1"))
print("--")
drop(D("2"))
print("--")
rebind(D("3"))
print("--")
give_back(D("4"))
print("--")
x = give_back(D("5"))
print("kept", x)
x = give_back(D("6"))
print("replaced")
print(two(D("7"), D("8")) + 1)
star(D("9"), D("10"), k=D("11"))
print("--")
star(*[D("12"), D("13")], **{"k": D("14")})
print("--")
(lambda a, b=D("default"): print("lambda", a, b))(D("15"))
print("--")
print(D("16"), D("17"))
print(str(D("18")), repr(D("19")), len([D("20")]), isinstance(D("21"), D), type(D("22")).__name__)
nothing(x=D("23"))
print(max([D("24"), D("25")], key=lambda d: d.name).name)
print(list(map(lambda d: d.name, [D("26"), D("27")])))
print("end")


class Looks:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        import sys
        print("-", self.name, sys._getframe(1) is not None)


def looked_at(a):
    b = Looks("local")
    return 1


print(looked_at(Looks("argument")))
(lambda a=Looks("default of a function that dies on return"): None)()
