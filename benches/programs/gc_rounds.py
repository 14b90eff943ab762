"""Rounds of cycles that outlive one young pass and then die; the growth of resident memory goes to stderr.

Group: cycles
Counted: 1000 8
"""
import gc
import sys


class Node:
    def __init__(self):
        self.me = self
        self.payload = [0] * 8


def resident():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * 4096


def main(n, rounds):
    sizes = []
    for _ in range(rounds):
        batch = [Node() for _ in range(n)]
        gc.collect(0)
        del batch
        sizes.append(resident())
    print("after a quarter %.1f MiB, at the end %.1f MiB, worst %.1f MiB"
          % (sizes[rounds // 4] / 2**20, sizes[-1] / 2**20, max(sizes) / 2**20), file=sys.stderr)
    return n * rounds


n = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
print(main(n, int(sys.argv[2]) if len(sys.argv) > 2 else 40))
