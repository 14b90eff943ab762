# Mutable arguments, defaults evaluated once, rebinding, keyword dictionaries are fresh.
def append(x, to=[]):
    to.append(x)
    return to


def safe(x, to=None):
    to = [] if to is None else to
    to.append(x)
    return to


def fresh(**kwargs):
    kwargs["added"] = True
    return kwargs


def star(*args):
    args += (99,)
    return args


def swap(a, b):
    a, b = b, a
    return a, b


def clear(d):
    d.clear()
    d = {"rebound": True}
    return d


print(append(1), append(2), append(3, [0]), safe(1), safe(2), append.__defaults__)
original = {"k": 1}
print(fresh(**original), original, star(*[1, 2]), swap(1, 2))
print(clear(original), original)
items = [1, 2, 3]
print(star(*items), items)


def counter(n, state={"calls": 0}):
    state["calls"] += n
    return state["calls"]


print(counter(1), counter(5), counter(0), counter(1, {"calls": 100}))


def make(n):
    def f(x, scale=n, table={}):
        table[x] = x * scale
        return table
    return f


f, g = make(2), make(3)
print(f(1), f(2), g(1), f(3))


def late(x=print):
    return x is print


print(late(), late(5))


def annotated(a: int = 5, *, b: str = "x") -> None:
    a += 1
    return a, b


print(annotated(), annotated(b="y"), annotated(1))
nested = [[1], [2]]


def touch(ls):
    for l in ls:
        l += ["touched"]
    for l in ls:
        l = ["not seen"]


touch(nested)
print(nested)
n = 10


def shadow(n):
    n += 1
    return n


print(shadow(n), n)
t = ([1], 2)
touch([t[0]])
print(t)
