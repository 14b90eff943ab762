# What `:=` gives is read from the variable, unless something in between could assign to that.


class Named:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("gone", self.name)

    def __add__(self, other):
        return self.name + getattr(other, "name", other)

    __radd__ = __lt__ = __add__

    def __bool__(self):
        return self.name != "no"


def operands(y, z):
    a = (x := y) + x
    b = (x := y) + (x := z)
    c = (x := y) + [x := z, x][0]
    d = (x := y) - (lambda: 5)() + x
    e = ((x := y) < (x := z) < x, (x := z) > x, x)
    f = -(x := z), not (x := y), (x := 3) in [x]
    g = [1, 2, 3][(x := 1)], [1, 2, 3][(x := 0) : (x := 2)], x
    return a, b, c, d, e, f, g


print(operands(4, 7))


def drained(items):
    out = []
    while item := items.pop():
        out.append(item)
    while (item := items.pop()) > 2:
        out.append(item)
    if (n := len(items)) and n > 1:
        out.append(n)
    if not (m := items):
        out.append("empty")
    return out, item, n, m


print(drained([1, 2, 9, 8, 0, 5, 4]))


def lives():
    while first := Named("yes"):
        print("in the loop", first.name)
        if first := Named("no"):
            print("never")
        else:
            print("else")
        break
    print((x := Named("a")) + (x := Named("b")))
    print((x := Named("c")) + x)
    print("end")


lives()


def captured():
    if (x := 5) > 3 and (f := lambda: x)() == (x := x + 1) - 1:
        print(x, f())
    return [y for i in range(3) if (y := i * 2)], y


print(captured())
if (top := 3) + top == 6 and (top := 4):
    print(top)


class Body:
    if (inside := 2) * inside == 4:
        print(inside)


def pairs():
    a, b = Named("1"), Named("2")
    print("swap")
    a, b = b, a
    print("anew")
    a, b = Named("3"), Named("4")
    print("three")
    a, b, c = Named("5"), Named("6"), Named("7")
    print("same")
    a, a = Named("8"), Named("9")
    print("ends", a.name, b.name)
    del b
    try:
        a, b = Named("10"), undefined
    except NameError as error:
        print(error)
    a, b = 1, Named("11")
    a, b = 1.5, 2


pairs()


def items(values, i, x):
    """An item of a list that a product is added to."""
    values[i] += x * 1.5
    values[i] -= x * 2.0
    values[0] += x * x
    values[-1] -= 0.5 * x
    values[1] = values[1] + x * 0.25
    return values


class Listed(list):
    def __setitem__(self, at, value):
        print("set", at, value)
        super().__setitem__(at, value)


print(items([1.0, 2.0, 3.0, 4.0], 2, 0.5), items(Listed([1.0, 2, 3]), 1, 1.25), items({0: 1.0, 1: 2.5, -1: 3}, 0, 3.5))
print(items([1.0, 2.0, 1e308], 2, 1e308), items([1, 2, 3], -2, 2))


def refused(f, *args):
    try:
        print(f(*args))
    except Exception as error:
        print(type(error).__name__, error)


refused(items, (1.0, 2.0), 1, 1.5)
refused(items, [1.0, 2.0], 5, 1.5)
refused(items, [1.0, None], 1, 1.5)


def replaced(values, x, y):
    values[0] = y + x * x
    values[1] = y - x * x
    values[len(values) - 1] = x * x - y
    return values


print(replaced([Named("old"), [], "text"], 1.5, 2.0), replaced([None] * 3, 1e200, 0.0))

for n in -9, -8, -1, 0, 1, 7, 8, 2**60, -(2**61), 2**70, True, 7.5, -0.0:
    print(n // 1, n // 2, n // 8, n // 16384, n // -2, n // 3, n % 1, n % 2, n % 8, n % 16384, n % -2, n % 3)


def alone(log):
    for i in range(4):
        yield i
        log.append(i)
        yield
    yield i


log = []
g = alone(log)
print(next(g), g.send(Named("sent")), log, g.send([1]), list(g), log)
print(sum(x * 2 for x in alone([]) if x is not None), [*alone([])], max(x or 0 for x in alone([])))


def orders():
    a, b = Named("12"), Named("13")
    print("of a list")
    a, b = [Named("14"), Named("15")]
    print("into a list")
    [a, b] = Named("16"), Named("17")
    print("on two lines")
    (a,
     b) = Named("18"), Named("19")
    print("a cell")

    def inner():
        return cell

    cell, b = Named("20"), Named("21")
    cell, b = Named("22"), Named("23")
    print("four")
    a, b, c, d = Named("24"), Named("25"), Named("26"), Named("27")
    a, b, c, d = Named("28"), Named("29"), Named("30"), Named("31")
    print("ends")


orders()
