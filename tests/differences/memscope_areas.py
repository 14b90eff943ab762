# modes: auto
# reason: memscope is Taipan's own: it shows the memory of a running program from outside its heap.
"""Areas and census: everything adds up, and looking leaves no trace.

CPython has no such module, so this program says there that it has nothing to show.
"""
try:
    import memscope
except ModuleNotFoundError:
    print("no memscope here")
    raise SystemExit

import gc
import sys

gc.disable()


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y


class Slotted:
    __slots__ = ("x",)


def counter():
    n = 0

    def step():
        nonlocal n
        n += 1
        return n

    return step


kept = [[Point([i], 2.5) for i in range(2000)], {str(i): (i, [i]) for i in range(500)}, counter(), b"x" * 10000, 1 << 5000,
        bytearray(5000), {frozenset([i]) for i in range(100)}, Slotted()]

areas = memscope.areas()
names = ["code", "variables", "heap", "free", "stack"]
print([name for name in dict.fromkeys(row[0] for row in areas.rows)] == names)
print(areas["code"][1] + areas["variables"][1] + areas["heap"][1] + areas.native == areas.in_use, 0 <= areas.native < 1 << 16)
print(areas.in_use - areas.charged + areas["free"][1] + areas.overhead == areas.committed)
print(areas.committed <= areas.peak, areas.committed <= areas.reserved, areas.sparse <= areas["free"][1])
print(areas["instance attributes"][0] >= 2000, areas["cells"][0] >= 1, areas["registers"][0] > 0, areas["frames"][0])
print("module namespaces" in repr(areas), "in use" in repr(areas))

census = memscope.census()
print(sum(row[4] for row in census.rows) + census.native == census.in_use, 0 <= census.native < 1 << 16)
types = {kind: (count, retained) for kind, count, size, retained in census.by_type()}
print(types["Point"], types["Slotted"], types["set"][0] >= 1, types["frozenset"][0] >= 100)
print(set(census.by_generation()) <= {None, 0, 1, 2, 3}, set(census.by_age()))
print("not tracked" in repr(census))

retained = {row[0]: row for row in memscope.census(retained=True).by_type()}
print(retained["Point"][3] - retained["Point"][2] >= 2000 * 48, retained["Slotted"][3] == retained["Slotted"][2])


def state():
    return len(gc.get_objects()), gc.get_count(), sys.getrefcount(kept), sys.getrefcount(Point), sys.getallocatedblocks()


before = state()
# Looking leaves counts, objects and the collector's counters as they were.
for look in (memscope.areas, memscope.census, lambda: memscope.why(kept), lambda: memscope.balance(kept), memscope.garbage,
             memscope.snapshot, memscope.trim, lambda: memscope.census(retained=True)):
    look()
    before = state()
    look()
    if state() != before:
        print("a trace was left by", look, before, state())
before = memscope.collector()[0]
memscope.garbage()
memscope.why(kept)
print(memscope.collector()[0] == before)

for bad in (lambda: memscope.areas(1), lambda: memscope.census(True), lambda: memscope.why(), lambda: memscope.why(kept, "3"),
            lambda: memscope.snapshot().since(5), lambda: memscope.export(5, "x"), memscope.Snapshot):
    try:
        bad()
    except TypeError as error:
        print(type(error).__name__, str(error)[:60])
for bad in (lambda: memscope.why(kept, -1), lambda: memscope.snapshot().biggest(-1)):
    try:
        bad()
    except ValueError as error:
        print(error)
print(memscope.human(0), memscope.human(1023), memscope.human(1024), memscope.human(1536 * 1024), memscope.human(-2048),
      memscope.human(123 << 30))
print(isinstance(memscope.trim(), int))

import io

text, octets = io.StringIO(), io.BytesIO()
text.write("é" * 100_000)
octets.write(b"x" * 100_000)
streams = {row[0]: row[2] for row in memscope.census().by_type() if row[0].startswith("_io.")}
print(streams["_io.StringIO"] == sys.getsizeof(text) >= 100_000, streams["_io.BytesIO"] == sys.getsizeof(octets) >= 100_000)
