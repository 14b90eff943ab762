"""Graphs with parent links made and dropped with the collector on: doubly linked lists, trees, closures, caches.

Group: cycles
Counted: 1200
"""
import gc
import sys
import weakref


class Node:
    def __init__(self, parent, name):
        self.parent = parent
        self.name = name
        self.children = []
        if parent is not None:
            parent.children.append(self)

    def depth(self):
        return 0 if self.parent is None else 1 + self.parent.depth()


class Link:
    __slots__ = ("before", "after", "__weakref__")


def ring(n):
    first = last = Link()
    for _ in range(n):
        link = Link()
        link.before, last.after = last, link
        last = link
    last.after, first.before = first, last
    return first


def handlers(i):
    table = {}

    def handle(x):
        return table["self"] is handle and x + i

    table["self"] = handle
    return handle


def main(n):
    total = 0
    watched = []
    for i in range(n):
        root = Node(None, "root")
        for k in range(10):
            child = Node(root, k)
            leaf = Node(child, i)
        total += leaf.depth() + len(root.children)
        total += handlers(i)(1)
        start = ring(8)
        total += start.after.before is start
        if i % 100 == 0:
            watched.append(weakref.ref(start))
    del root, child, leaf, start
    gc.collect()
    return total + sum(ref() is None for ref in watched)


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
