# Unpacking straight into variables: old values go one by one, from the left; a failure changes nothing.
class D:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("-", self.name)


def swap(pair):
    a, b = D("a1"), D("b1")
    a, b = pair
    print("unpacked", a, b)
    a, b = b, a
    return a, b


def itself(a):
    b = D("b2")
    a, b = a
    print("from itself", getattr(a, "name", a), b)


def wrong(a, b, values):
    try:
        a, b = values
    except ValueError as error:
        print(error, a, b)
    except TypeError as error:
        print(error, a, b)


def items(values):
    values[0] = D("zero")
    values[-1] = D("last")
    values[0] = 1
    values[0] += 5
    values[-1] = None
    return values


def mapping(values):
    values[1] = "one"
    values[1] += "!"
    return values


def outside(values):
    for change in (lambda: values.__setitem__(7, 0), lambda: assign(values)):
        try:
            change()
        except (AttributeError, IndexError, TypeError) as error:
            print(type(error).__name__, error)


def assign(values):
    values[3] = 1


print(swap([1, 2]), swap((3, 4)), swap({5: 0, 6: 0}))
itself([D("x"), "y"])
itself((D("v"), "w"))
for values in ([1], (1, 2, 3), 5, "abc"):
    wrong("old a", "old b", values)
for (a, b), [c, d] in [((1, 2), [3, 4]), ([5, 6], (7, 8))]:
    print(a, b, c, d)
print(items([0, 0, 0]), mapping({}))
outside([1, 2])
outside((1, 2))
