"""Snapshots, statistics, filters and counters of tracemalloc, without the sizes of objects, which are each implementation's own."""

import os
import tempfile
import tracemalloc


def refused(function, *arguments):
    try:
        function(*arguments)
    except Exception as error:
        print(type(error).__name__, error)


refused(tracemalloc.take_snapshot)
refused(tracemalloc.start, 0)
refused(tracemalloc.start, -1)
refused(tracemalloc.start, 65536)
refused(tracemalloc.start, 1 << 40)
refused(tracemalloc.start, "1")
refused(tracemalloc.start, 1, 2)
print(tracemalloc.is_tracing(), tracemalloc.get_traced_memory(), tracemalloc.get_tracemalloc_memory())
tracemalloc.start(3)
tracemalloc.start(9)
print(tracemalloc.is_tracing(), tracemalloc.get_traceback_limit())


def blocks(count, size):
    return [bytes(size) for _ in range(count)]


def many():
    return blocks(200, 2000)


def few():
    return blocks(20, 1000)


held = many()
first = tracemalloc.take_snapshot()
held += few()
table = {n: bytes(5000) for n in range(100)}
second = tracemalloc.take_snapshot()
del held, table
third = tracemalloc.take_snapshot()

own = [tracemalloc.Filter(True, __file__)]


def place(statistic):
    return [(os.path.basename(frame.filename), frame.lineno) for frame in statistic.traceback]


for name, snapshot in (("first", first), ("second", second)):
    for key in ("lineno", "filename", "traceback"):
        print(name, key)
        statistics = snapshot.filter_traces(own).statistics(key)
        for statistic in (statistic for statistic in statistics if statistic.size > 10_000):
            print("   ", place(statistic), statistic.count // 20 * 20)

print("differences")
for old, new in ((first, second), (second, third), (third, third)):
    for difference in new.filter_traces(own).compare_to(old.filter_traces(own), "lineno"):
        if abs(difference.size_diff) > 10_000:
            print("   ", place(difference), difference.size_diff > 0, abs(difference.count_diff) // 20 * 20)

print("cumulative")
for statistic in second.filter_traces(own).statistics("lineno", cumulative=True):
    if statistic.size > 10_000:
        print("   ", place(statistic), statistic.count // 20 * 20)

print({trace.domain for trace in second.traces}, all(trace.size > 0 for trace in second.traces))
nothing = second.filter_traces([tracemalloc.DomainFilter(False, 0)])
print(len(nothing.traces), len(second.filter_traces([tracemalloc.Filter(False, "*")]).traces))
line = second.filter_traces([tracemalloc.Filter(True, __file__, 33, all_frames=True)])
print({(trace.traceback[-1].lineno, trace.traceback.total_nframe) for trace in line.traces if trace.size > 1500})
trace = max(line.traces, key=lambda trace: trace.size).traceback
print([text.replace(os.path.dirname(__file__) + os.sep, "") for text in trace.format()])
print([text.replace(os.path.dirname(__file__) + os.sep, "") for text in trace.format(most_recent_first=True, limit=1)])

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "snapshot")
    second.dump(path)
    loaded = tracemalloc.Snapshot.load(path)
print(loaded.traces == second.traces, loaded.traceback_limit)

now, most = tracemalloc.get_traced_memory()
data = bytes(1_000_000)
print(1_000_000 <= tracemalloc.get_traced_memory()[0] - now < 1_010_000)
del data
print(abs(tracemalloc.get_traced_memory()[0] - now) < 10_000, tracemalloc.get_traced_memory()[1] >= now + 1_000_000)
tracemalloc.reset_peak()
print(tracemalloc.get_traced_memory()[1] < now + 10_000)
array = bytearray()
for _ in range(1000):
    array += bytes(1000)
print(1_000_000 <= tracemalloc.get_traced_memory()[0] - now < 1_300_000)
del array[1000:]
print(tracemalloc.get_traced_memory()[0] - now < 20_000)
power = 1 << 8_000_000
print(1_000_000 <= tracemalloc.get_traced_memory()[0] - now < 1_300_000)
del power
print(tracemalloc.get_traced_memory()[0] - now < 20_000)
numbers = list(range(100_000))
numbers.clear()
print(tracemalloc.get_traced_memory()[0] - now < 20_000)
print(tracemalloc.get_tracemalloc_memory() > 0)
tracemalloc.clear_traces()
print(tracemalloc.get_traced_memory()[0] < 10_000, len(tracemalloc.take_snapshot().traces) < 100)
tracemalloc.stop()
print(tracemalloc.get_traced_memory(), tracemalloc._get_traces() if hasattr(tracemalloc, "_get_traces") else [])
