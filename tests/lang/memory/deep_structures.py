# modes: auto
# A hundred thousand levels: building, dropping, and what recursion into them raises.
import gc

N = 100_000


class Link:
    def __init__(self, next):
        self.next = next


class SlotLink:
    __slots__ = ("next",)

    def __init__(self, next):
        self.next = next


def nest(wrap, n=N):
    deep = None
    for _ in range(n):
        deep = wrap(deep)
    return deep


for name, wrap in [("list", lambda x: [x]), ("tuple", lambda x: (x,)), ("dict", lambda x: {0: x}), ("instance", Link), ("slots", SlotLink),
                   ("closure", lambda x: lambda: x), ("mixed", lambda x: ([{"k": x}],)), ("method", lambda x: Link(x).__init__),
                   ("exception", lambda x: ValueError(x)), ("partial list", lambda x: [1, x, 2]), ("generator", lambda x: (y for y in [x])), ("iterator", lambda x: iter([x]))]:
    deep = nest(wrap)
    del deep
    print(name, "dropped")
deep = nest(lambda x: [x])
twin = nest(lambda x: [x])
deep_tuple = nest(lambda x: (x,))
for name, f in [("repr", lambda: repr(deep)), ("compare", lambda: deep == twin), ("hash", lambda: hash(deep_tuple)), ("str", lambda: str(deep_tuple))]:
    try:
        f()
    except RecursionError:
        pass
    print(name, "survived")
del deep, twin, deep_tuple
ring = nest(lambda x: [x])
bottom = ring
while bottom[0] is not None:
    bottom = bottom[0]
bottom[0] = ring
del ring, bottom
print(gc.collect() >= N)
head = None
for _ in range(N):
    head = Link(head)
length = 0
while head:
    head = head.next
    length += 1
print(length)
