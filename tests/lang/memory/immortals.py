# Immortal objects keep one count whatever happens to them.
import sys

for value in (None, True, False, (), "", b"", 0, 1, 255, int, str, type, object):
    before = sys.getrefcount(value)
    crowd = [value] * 500
    inside = sys.getrefcount(value)
    del crowd
    print(repr(value), inside - before, sys.getrefcount(value) - before)
print(sys.getrefcount(None) == 3221225472)


def borrow(x):
    return [x for _ in range(100)]


for _ in range(50):
    borrow(None)
print(sys.getrefcount(None))
x = None
del x
empty, blank = (), ""
print(x is None if "x" in globals() else None, empty is tuple([]), blank is "".join([]))
print(sys.intern("some name") is sys.intern("some" + " name"))
