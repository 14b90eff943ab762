import os.path as path, sys
from a.b import c as d, e

counter = 0


def outer(a, b=1, /, c=2, *, d):
    def inner():
        nonlocal a
        global counter
        a = counter = b
        del a
        return undefined

    if d:
        local = 1
    return inner, local


x: int = 1
del x
