# modes: auto
# The switches and questions of the gc module.
import gc

print(gc.isenabled())
gc.disable()
print(gc.isenabled())
gc.enable()
saved = gc.get_threshold()
print(len(saved), saved[1:])
gc.set_threshold(100, 5, 3)
print(gc.get_threshold())
gc.set_threshold(0)
print(gc.get_threshold())
gc.set_threshold(*saved)
print(gc.get_threshold() == saved, len(gc.get_count()), all(isinstance(n, int) for n in gc.get_count()))
for wrong in (lambda: gc.collect(3), lambda: gc.collect(-1), lambda: gc.collect("x"), lambda: gc.set_threshold(), lambda: gc.set_threshold("a"), lambda: gc.get_objects(5), lambda: gc.get_objects(-1)):
    try:
        wrong()
    except Exception as e:
        print(type(e).__name__, e)
stats = gc.get_stats()
print(len(stats), sorted({"collected", "collections", "uncollectable"} & set(stats[0])))
before = gc.get_stats()[2]["collections"]
gc.collect()
gc.collect(2)
gc.collect(0)
print(gc.get_stats()[2]["collections"] - before)
print(gc.get_debug(), gc.garbage)
gc.set_debug(gc.DEBUG_STATS & 0)
print(gc.DEBUG_STATS, gc.DEBUG_COLLECTABLE, gc.DEBUG_UNCOLLECTABLE, gc.DEBUG_SAVEALL, gc.DEBUG_LEAK)
gc.freeze()
print(gc.get_freeze_count() > 0)
gc.unfreeze()
print(gc.get_freeze_count())
log = []


def callback(phase, info):
    log.append((phase, info["generation"], sorted({"collected", "generation", "uncollectable"} & set(info))))


gc.callbacks.append(callback)
a = []
a.append(a)
del a
gc.collect()
gc.collect(0)
gc.callbacks.remove(callback)
gc.collect()
print(log)
gc.set_debug(gc.DEBUG_SAVEALL)
a = ["saved"]
a.append(a)
del a
gc.collect()
gc.set_debug(0)
print([x[0] for x in gc.garbage if type(x) is list and x and x[0] == "saved"])
gc.garbage.clear()
print(gc.collect() >= 1)
