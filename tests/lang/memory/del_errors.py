# Errors in __del__ are reported to sys.unraisablehook and swallowed.
import sys


def hook(info):
    print("hook:", info.exc_type.__name__, info.exc_value, info.err_msg.split("<")[0], info.object)


sys.unraisablehook = hook


class Bad:
    def __del__(self):
        raise ValueError("bad del")


class Worse:
    def __init__(self):
        self.bad = Bad()

    def __del__(self):
        1 / 0


b = Bad()
del b
print("after one")
Worse()
print("after two")


def inside():
    local = Bad()
    return "returned"


print(inside())
try:
    x = Bad()
    raise KeyError("outer")
except KeyError as e:
    del x
    print("still handling", e)


class System:
    def __del__(self):
        raise SystemExit(3)


System()
print("SystemExit is swallowed too")


def gen():
    try:
        yield 1
    finally:
        raise RuntimeError("in generator cleanup")


g = gen()
next(g)
info = None


def short_hook(info):
    print("hook:", info.exc_type.__name__, info.exc_value)


sys.unraisablehook = short_hook
del g
print("end")
