# Unpacking assignments, starred targets, and their errors.
a, b = 1, 2
a, b = b, a
print(a, b)
(a, [b, c]), d = (1, "xy"), {3: 4}.popitem()
print(a, b, c, d)
first, *rest = "hello"
*init, last = range(4)
x, *mid, y = [1, 2]
head, *[second, third] = 1, 2, 3
print(first, rest, init, last, x, mid, y, head, second, third)
a = b = c = []
a.append(1)
print(b, c is a)
i = 0
items = [10, 20, 30]
i, items[i] = 2, 99
print(i, items)
for f in ("a, b = 1,", "a, b = 1, 2, 3", "a, b, c = 'ab'", "a, b = 5", "a, *b, c = [1]", "a, b = None", "(a, b), c = 1, 2", "a, b = {}", "*a, b = []", "[a, b] = range(5)", "a, = ()", "a, b = iter([1])", "a, b = (x for x in range(9))"):
    try:
        exec(f)
        print(f, "fine")
    except Exception as e:
        print(f, "->", type(e).__name__, e)


class Two:
    def __iter__(self):
        print("iter")
        yield "x"
        print("between")
        yield "y"
        print("after")


p, q = Two()
print(p, q)
p, *q = Two()
print(p, q)
print([*Two(), *[1]], (*"ab",), {*"aa"}, {**{"a": 1}, "b": 2}, [*{}, *()])
a, b, *c = (*range(2), *"xyz")
print(a, b, c)


def order(n):
    print("order", n)
    return n


box = [0, 0]
box[order(0)], box[order(1)] = order("a"), order("b")
print(box)
x = y = z = order("value")
[a, b], (c, d) = [1, 2], (3, 4)
print(a, b, c, d)
for k, (v, *w) in {"k": [1, 2, 3]}.items():
    print(k, v, w)
(a), b = 1, 2
(a,) = [5]
[a] = "z"
print(a, b)
a, b, c, d, e, f, g, h = range(8)
h, g, f, e = e, f, g, h
print(a, b, c, d, e, f, g, h)
_, *_ = [1, 2, 3]
print(_)
def swap3():
    a, b, c = 1, 2, 3
    a, b, c = c, a, b
    return a, b, c
print(swap3())
