# frame.f_locals reads and writes the variables of a running, suspended and finished function.
import sys


def running():
    a = 1
    frame = sys._getframe()
    view = frame.f_locals
    view["a"] = 10
    view["other"] = 5
    print(a, "other" in view, view["other"], sorted(view))
    for wrong in (lambda: view.pop("a"), lambda: view["missing"], lambda: view.__delitem__("a")):
        try:
            wrong()
        except Exception as error:
            print(type(error).__name__, error)
    b = 2
    captured = lambda: b
    frame.f_locals["b"] = 3
    print(captured(), frame.f_locals == view, frame.f_locals is view)
    print(type(view | {"z": 1}), view.setdefault("new", 7), view.get("none", "default"))
    return view


view = running()
print(view["a"], view["b"])


def suspended():
    x = 1
    yield x
    yield x
    yield sys._getframe().f_generator


g = suspended()
next(g)
g.gi_frame.f_locals["x"] = "changed"
print(next(g), next(g) is g, g.gi_frame.f_generator is g)


class Held:
    def __del__(self):
        print("gone")


def replaced():
    x = Held()
    sys._getframe().f_locals["x"] = None
    print("set", x)


replaced()
