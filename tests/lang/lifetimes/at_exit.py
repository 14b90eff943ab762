# What is still alive at the end of the program dies then, module names in order.
class D:
    def __init__(self, name):
        self.name = name
        print("+", name)

    def __del__(self):
        print("-", self.name)

    def __repr__(self):
        return self.name


first = D("first")
second = D("second")


def f(x=D("default of f")):
    pass


class C:
    attribute = D("class attribute")


_private = D("underscore")
print("end of module")
