# modes: auto
"""Garbage that has outlived a young pass goes by later automatic passes; with the collector off it stays until it is on or asked."""
import gc


class Node:
    pass


def resident():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * 4096


def cycles(count):
    """That many cycles, all alive at once, so young passes find them in use."""
    kept = []
    for _ in range(count):
        node = Node()
        node.me = node
        kept.append(node)
    return kept


def tracked():
    return sum(type(each) is Node for each in gc.get_objects())


gc.collect()
levels = []
passes = gc.get_stats()[0]["collections"]
for _ in range(20):
    kept = cycles(50_000)
    # Nothing is asked of the collector: what follows only allocates.
    del kept
    levels.append(resident())
print("young passes went by:", gc.get_stats()[0]["collections"] - passes > 20)
print("flat:", max(levels[10:]) < max(levels[:10]) + 8 * 2**20)
print("most are gone:", tracked() < 500_000)

gc.collect()
gc.disable()
before, start = resident(), tracked()
for _ in range(4):
    cycles(25_000)
print("off:", tracked() - start, resident() - before > 100_000 * 24)
before = gc.get_stats()[0]["collections"]
gc.enable()
kept = [[] for _ in range(5000)]
print("on again, it runs:", gc.get_stats()[0]["collections"] > before)
gc.disable()
for _ in range(2):
    cycles(25_000)
print("asked:", gc.collect() >= 50_000, tracked())
gc.enable()
