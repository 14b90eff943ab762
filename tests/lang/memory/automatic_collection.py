# modes: auto
# The collector runs by itself, and a disabled one does not.
import gc
import weakref


class Node:
    def __init__(self):
        self.me = self


def make(n):
    refs = []
    for _ in range(n):
        refs.append(weakref.ref(Node()))
    return refs


def alive(refs):
    return sum(r() is not None for r in refs)


gc.collect()
refs = make(20_000)
print("most died without being asked:", alive(refs) < 10_000)
gc.collect()
print(alive(refs))
gc.disable()
refs = make(5_000)
print("disabled:", alive(refs))
gc.enable()
gc.collect()
print(alive(refs))
gc.set_threshold(0)
refs = make(5_000)
print("threshold 0:", alive(refs))
gc.collect()
gc.set_threshold(50, 5, 5)
refs = make(5_000)
print("threshold 50:", alive(refs) < 2_500)
gc.collect()
gc.set_threshold(700, 10, 10)
gc.collect()
gc.freeze()
gc.collect()
peak = 0
total = []
for round in range(20):
    batch = make(2_000)
    gc.collect(0)
    total += batch
    peak = max(peak, alive(total))
gc.unfreeze()
print("flat over rounds:", peak < 30_000)
gc.collect()
print(alive(total))
