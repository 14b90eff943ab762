# A deep chain of calls lets go level by level.
class D:
    def __init__(self, name):
        self.name = name
        print("+", name)

    def __del__(self):
        print("-", self.name)

    def __repr__(self):
        return self.name


def level(n):
    mine = D(f"level {n}")
    if n:
        level(n - 1)
    print("leaving", n)


def up(n):
    mine = D(f"raise {n}")
    if n == 0:
        raise ValueError
    up(n - 1)


def tail(n, carried):
    if n == 0:
        return carried
    return tail(n - 1, D(f"carried {n}"))


level(3)
try:
    up(2)
except ValueError:
    print("handling")
print(tail(3, D("start")))


def mutual(n, *args):
    if n:
        mutual(n - 1, D(f"arg {n}"), *args)
    print(n, args)


mutual(2)
print("end")
