"""How long memscope takes on a large heap: a census with retained sizes, and why(), on a million objects.

    taipan benches/scope.py

Runs under Taipan only. Prints the median and the best of five, in seconds of processor time.
"""

import gc
import memscope
import statistics
import time


class Node:
    def __init__(self, value, parent):
        self.value, self.parent, self.children = value, parent, []


def tree(depth, parent=None):
    """2 ** (depth + 1) - 1 nodes with a list each, every child with a reference back to its parent."""
    node = Node(str(depth) + "!", parent)
    if depth:
        node.children += [tree(depth - 1, node), tree(depth - 1, node)]
    return node


def measure(name, look):
    times = []
    for _ in range(5):
        start = time.process_time()
        look()
        times.append(time.process_time() - start)
    print(f"{name:32} {statistics.median(times):8.3f} s {min(times):8.3f} s")


def main():
    gc.disable()
    flat = [[i] for i in range(1_000_000)]
    print(f"{sum(row[3] for row in memscope.census().rows):,} objects: a list of a million lists")
    run(flat[777_777])
    del flat
    root = tree(18)
    leaf = root
    while leaf.children:
        leaf = leaf.children[-1]
    print(f"{sum(row[3] for row in memscope.census().rows):,} objects: a tree of instances, lists and strs")
    run(leaf)


def run(target):
    measure("census()", memscope.census)
    measure("census(retained=True)", lambda: memscope.census(retained=True))
    measure("why(object)", lambda: memscope.why(target))
    measure("balance(object)", lambda: memscope.balance(target))
    measure("garbage()", memscope.garbage)
    measure("areas()", memscope.areas)
    measure("snapshot()", memscope.snapshot)


main()
