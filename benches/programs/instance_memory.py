"""Bytes of resident memory per three-attribute instance: plain, slotted, and what is kept of a thinned heap.

Group: memory churn
Counted: 20000
"""
import gc
import sys


def resident():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * 4096


class Plain:
    def __init__(self, a, b, c):
        self.a = a
        self.b = b
        self.c = c


class Slotted:
    __slots__ = ("a", "b", "c")

    def __init__(self, a, b, c):
        self.a = a
        self.b = b
        self.c = c


def measure(kind, n):
    gc.collect()
    start = resident()
    kept = [None] * n
    for i in range(n):
        kept[i] = kind(1, None, True)
    full = resident() - start
    thin = kept[::10_000]
    del kept
    gc.collect()
    left = resident() - start
    print("%s: %.1f bytes each; 1 in 10,000 kept: %.1f MiB of %.1f"
          % (kind.__name__, full / n - 8, left / 2**20, full / 2**20), file=sys.stderr)
    return len(thin)


n = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
print(measure(Plain, n), measure(Slotted, n))
