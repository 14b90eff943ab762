# modes: auto
# reason: pages whose last object died go back to the system, so a heap that was large once does not stay large.
"""A heap that is thinned out gives its memory back to the system.

Of 300,000 instances one in 10,000 is kept. CPython can return an arena only when everything in it is dead, and the few
survivors pin nearly all of them; here the unit is a small page.
"""
import gc


class Node:
    def __init__(self, a, b, c):
        self.a = a
        self.b = b
        self.c = c


def resident():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * 4096


gc.collect()
start = resident()
nodes = [Node(1, None, True) for _ in range(300_000)]
grown = resident() - start
nodes = nodes[::10_000]
gc.collect()
kept = resident() - start
print("kept", len(nodes), "sum", sum(node.a for node in nodes))
print("had grown by more than 8 MiB:", grown > 8 * 2**20)
print("fell below half of that:", kept < grown / 2)
