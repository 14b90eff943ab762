"""Lists, dicts and instances made again and again of what has just died: each is new, whatever the last one was."""
import gc


class Key(str):
    pass


class Thing:
    def __init__(self, *values):
        self.a, self.b, *rest = values
        if rest:
            self.c = rest


class Late:
    pass


def displays(i, s):
    yield []
    yield [i]
    yield [i, s, i]
    yield [i, [i, [s]]]
    yield [i] * 3
    yield [i, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    yield {}
    yield {s: i}
    yield {"a": i, "b": s}
    yield {"a": i, "a": s}
    yield {i: "a"}
    yield {"a": 1, i: 2, s: 3}
    yield {Key("a"): i, "a": s}
    yield {"b": i, Key("a"): s}
    yield {"a": i, "b": 2, "c": 3, "d": 4, "e": 5}
    yield {"a": i, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6, "a": 7}
    yield {"k0": i, "k1": 1, "k2": 2, "k3": 3, "k4": 4, "k5": 5, "k6": 6, "k7": 7, "k8": 8, "k9": 9, "k10": 10, "k0": 11}
    yield {"a": {"a": {"a": i}}}
    yield {"a": [i], "b": {"c": (i, [s])}}


def attributes(i, s):
    yield vars(Thing(i, s))
    yield vars(Thing([i], {s: i}, s))
    late = Late()
    late.x = [i]
    late.y = late.x
    late.z = s
    yield {name: getattr(late, name) for name in "xyz"}
    late = Late()
    late.w = i
    yield vars(late)


first = [repr(made) for made in displays(1, "s")] + [repr(made) for made in attributes(1, "s")]
print(*first, sep="\n")
for round in range(300):
    again = []
    for made in displays(1, "s"):
        again.append(repr(made))
    for made in attributes(1, "s"):
        again.append(repr(made))
    assert again == first, (round, again)
    if round % 50 == 7:
        gc.collect(round % 3)


def grown(i):
    # What a display was given stays its own when it grows.
    a = [i]
    b = {"a": i}
    for n in range(i % 20):
        a.append(n)
        b[n] = n
    return len(a) + len(b)


print(sum(grown(i) for i in range(1000)))

for broken in (lambda: {[]: 1}, lambda: {"a": 1, "b": 2, (): 3, ([],): 4}):
    for _ in range(3):
        try:
            broken()
        except TypeError as error:
            print(error)

# The collector sees those that come back as young ones.
gc.disable()
gc.collect()
for _ in range(100):
    [0]
    {"a": 0}
loop = [0]
loop.append(loop)
ring = {"a": 0}
ring["ring"] = ring
node = Late()
node.node = node
del loop, ring, node
print(gc.collect(0))
