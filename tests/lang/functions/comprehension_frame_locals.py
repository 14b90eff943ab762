# Variables of a running comprehension stand in f_locals, in modules, classes and functions.
import sys


def names(frame):
    return sorted(name for name in frame.f_locals if name in ("alpha", "beta", "gamma"))


gamma = 1
print([names(sys._getframe()) for alpha in (1, 2)])
print([sys._getframe().f_locals["alpha"] for alpha in "ab"])
print(names(sys._getframe()))


class Scope:
    beta = 5
    shown = [names(sys._getframe()) for alpha in (1,)]


print(Scope.shown)


def function(beta):
    return [names(sys._getframe()) for alpha in (1,)], names(sys._getframe())


print(function(0))
print(type(sys._getframe().f_locals) is dict)
