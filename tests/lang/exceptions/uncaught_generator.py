# An error inside a generator and a comprehension consuming it.
def source():
    yield 1
    yield from inner()


def inner():
    yield 2
    raise LookupError("source ran dry")


total = sum(x * 2 for x in source())
