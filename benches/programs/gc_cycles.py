"""Collect dead self-referencing lists; seconds per collection go to stderr.

Group: cycles
Counted: 10000 3
"""
import gc
import sys
import time


def make(n):
    for _ in range(n):
        cycle = []
        cycle.append(cycle)


def main(n, rounds):
    gc.disable()
    found = 0
    worst = 0.0
    for _ in range(rounds):
        make(n)
        start = time.perf_counter()
        found += gc.collect()
        worst = max(worst, time.perf_counter() - start)
    print("collect: worst %.4f s" % worst, file=sys.stderr)
    return found


n = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
print(main(n, int(sys.argv[2]) if len(sys.argv) > 2 else 5))
