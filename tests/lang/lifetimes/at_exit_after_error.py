# An uncaught error is reported before the module's objects die.
class D:
    def __init__(self, name):
        self.name = name
        print("+", name)

    def __del__(self):
        print("-", self.name)

    def __repr__(self):
        return self.name


kept = D("kept")


def fail():
    local = D("local")
    raise ValueError("uncaught")


fail()
