# reason: statistics of collections and what callbacks are told have CPython 3.15's keys, which 3.14 does not have yet
import gc

print(sorted(gc.get_stats()[0]))
told = []
gc.callbacks.append(lambda phase, info: told.append((phase, sorted(info), info.get("candidates", 0) > 0, info.get("duration", 0) > 0)))
gc.collect()
gc.callbacks.clear()
for line in told:
    print(*line)
