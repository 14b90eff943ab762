"""Build a large live heap with the collector on; the longest collection and their number go to stderr.

Group: cycles
Counted: 20000
"""
import gc
import sys
import time

pauses = []


def watch(phase, info):
    if phase == "start":
        pauses.append(time.perf_counter())
    else:
        pauses[-1] = time.perf_counter() - pauses[-1]


class Node:
    def __init__(self, value, next):
        self.value = value
        self.children = [next]


def main(n):
    heap = []
    last = None
    for i in range(n):
        last = Node(i, last if i % 100 else None)
        heap.append(last)
    return len(heap)


gc.callbacks.append(watch)
print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 3_000_000))
gc.callbacks.clear()
print("%d collections, longest %.4f s, all %.4f s" % (len(pauses), max(pauses, default=0), sum(pauses)), file=sys.stderr)
