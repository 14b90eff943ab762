# List methods while __eq__, __index__, __lt__, key functions and iterators change the list.
class Eq:
    def __init__(self, action):
        self.action = action

    def __eq__(self, other):
        self.action()
        return False


class Index:
    def __init__(self, value, action):
        self.value, self.action = value, action

    def __index__(self):
        self.action()
        return self.value


def attempt(label, f):
    try:
        print(label, f())
    except Exception as e:
        print(label, type(e).__name__, e)


a = [1, 2, 3]
attempt("index", lambda: a.index(Eq(a.clear)))
print(a)
a = [1, 2, 3]
attempt("count", lambda: a.count(Eq(lambda: a.append(0) if len(a) < 6 else None)))
print(a)
a = [1, 2, 3]
attempt("remove", lambda: a.remove(Eq(a.clear)))
print(a)
a = [1, 2, 3]
attempt("contains", lambda: Eq(a.clear) in a)
print(a)
a, b = [1, 2, 3], [1, 2, 3]
a[0] = Eq(b.clear)
attempt("compare", lambda: a == b)
a = [Eq(lambda: a.clear()), 2]
attempt("compare itself changed", lambda: a == [5, 6])
print(a)
a = list(range(5))
attempt("getitem", lambda: a[Index(4, a.clear)])
a = list(range(5))
attempt("setitem", lambda: a.__setitem__(Index(4, a.clear), "x"))
a = list(range(5))
attempt("delitem", lambda: a.__delitem__(Index(4, a.clear)))
a = list(range(5))
attempt("pop", lambda: a.pop(Index(4, a.clear)))
a = list(range(5))
attempt("insert", lambda: a.insert(Index(4, a.clear), "x"))
print(a)
a = list(range(5))
attempt("slice", lambda: a[Index(1, a.clear):Index(4, lambda: None)])
a = list(range(5))
attempt("multiply", lambda: a * Index(2, a.clear))
a = list(range(3))


def growing():
    yield 1
    a.clear()
    yield 2
    a.append("from inside")
    yield 3


attempt("extend", lambda: a.extend(growing()))
print(a)
a = list(range(6))
attempt("slice assignment", lambda: a.__setitem__(slice(1, 3), growing()))
print(a)
a = [3, 1, 2]
attempt("sort key clears", lambda: a.sort(key=lambda x: a.clear() or x))
print(a)
a = [3, 1, 2]
attempt("sort sees itself empty", lambda: a.sort(key=lambda x: (print(a), x)[1]))
print(a)
a = [3, 1, 2]
attempt("sort key fails", lambda: a.sort(key=lambda x: 1 // (x - 1)))
print(sorted(a))
a = [1, 2, 3]
attempt("extend itself", lambda: a.extend(a))
attempt("extend by its iterator", lambda: a.extend(x for x in list(a)))
a += a
print(len(a))
a = [[], []]
attempt("nested clear", lambda: [x.append(a.pop()) for x in a])
a = [1, 2, 3]
it = iter(a)
next(it)
a[:] = [9]
print(list(it), a)


class Clears:
    def __repr__(self):
        a.clear()
        return "cleared"


a = [Clears(), 1, 2]
attempt("repr", lambda: repr(a))
a = ["x", Clears(), "y"]
attempt("join", lambda: ", ".join(map(str, a)))
