"""Full collections over a large live heap of lists; seconds per collection go to stderr.

Group: cycles
Counted: 50000 4
"""
import gc
import sys
import time

n = int(sys.argv[1]) if len(sys.argv) > 1 else 3_000_000
rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 10
gc.disable()
live = [[i] for i in range(n)]
times = []
for _ in range(rounds):
    start = time.perf_counter()
    gc.collect()
    times.append(time.perf_counter() - start)
times.sort()
print("collect: median %.4f s, worst %.4f s" % (times[rounds // 2], times[-1]), file=sys.stderr)
