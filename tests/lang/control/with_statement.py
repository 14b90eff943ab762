# Context managers: order, suppression, errors in enter and exit, several managers.
class M:
    def __init__(self, name, suppress=False, fail=None):
        self.name, self.suppress, self.fail = name, suppress, fail

    def __enter__(self):
        print("enter", self.name)
        if self.fail == "enter":
            raise RuntimeError("enter failed")
        return self.name

    def __exit__(self, kind, value, tb):
        print("exit", self.name, kind and kind.__name__, value, tb is not None)
        if self.fail == "exit":
            raise RuntimeError("exit failed")
        return self.suppress


with M("a") as a, M("b") as b:
    print("body", a, b)
with (M("p") as p, M("q"),):
    print("parenthesised", p)
with M("s", suppress=True):
    raise ValueError("suppressed")
print("after")
try:
    with M("outer"), M("inner"):
        raise ValueError("through")
except ValueError as e:
    print("caught", e)
try:
    with M("first"), M("second", fail="enter"):
        print("never")
except RuntimeError as e:
    print(e)
try:
    with M("x", fail="exit"):
        raise ValueError("original")
except RuntimeError as e:
    print(e, repr(e.__context__))
with M("outer", suppress=True):
    with M("inner", fail="exit"):
        pass
    print("never")


def leave():
    for i in range(3):
        with M(i):
            if i == 0:
                continue
            if i == 1:
                break
    with M("return"):
        return "value"


print(leave())
for bad in (5, object()):
    try:
        with bad:
            pass
    except TypeError as e:
        print(e)


class NoExit:
    def __enter__(self):
        return self


try:
    with NoExit():
        pass
except TypeError as e:
    print(e)
box = {}
with M("target") as box["key"]:
    print(box)
with M("unpack") as (c, *rest):
    print(c, rest)


class Instance:
    pass


i = Instance()
i.__enter__ = lambda: 1
i.__exit__ = lambda *a: None
try:
    with i:
        pass
except TypeError as e:
    print(e)
