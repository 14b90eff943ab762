# modes: auto
# Cycles are found by the collector, and counted.
import gc

gc.disable()
gc.collect()
a, b = [], []
a.append(b)
b.append(a)
del a, b
print(gc.collect(), gc.collect())
a = []
a.append(a)
del a
print(gc.collect())
d = {}
d["self"] = d
del d
print(gc.collect())


class Node:
    pass


n = Node()
n.me = n
del n
print(gc.collect() > 0)
ring = [Node() for _ in range(10)]
for i, node in enumerate(ring):
    node.next = ring[i - 1]
del ring, node
print(gc.collect() >= 10)
keep = []
keep.append(keep)
print(gc.collect(), keep == keep)
keep.append([keep])
other = keep[1]
del keep
print(gc.collect(), len(other))
del other
print(gc.collect())


def frame_cycle():
    def inner():
        return inner
    return inner


frame_cycle()
print(gc.collect() > 0)
for i in range(1000):
    x = []
    x.append(x)
del x
print(gc.collect())
t = ([],)
t[0].append(t)
del t
print(gc.collect())
gc.enable()
print(gc.isenabled())
