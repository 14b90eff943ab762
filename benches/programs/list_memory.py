"""Bytes of resident memory per element: a list of distinct ints, a list of distinct floats.

Group: memory churn
Counted: 40000
"""
import gc
import sys


def resident():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * 4096


n = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
gc.collect()
start = resident()
ints = [i * 1000 + 7 for i in range(n)]
after_ints = resident()
floats = [i * 0.37 for i in range(n)]
after_floats = resident()
print("ints: %.1f bytes each, floats: %.1f bytes each"
      % ((after_ints - start) / n, (after_floats - after_ints) / n), file=sys.stderr)
print(sum(ints), sum(floats) > 0)
