# reason: what callbacks of collections are told has CPython 3.15's keys, which 3.14 does not have yet
import gc

told = []
gc.callbacks.append(lambda phase, info: told.append((phase, sorted(info), info.get("candidates", 0) > 0, info.get("duration", 0) > 0)))
gc.collect()
gc.callbacks.clear()
for line in told:
    print(*line)
