"""Where objects were made, as tracemalloc shows it."""

import gc
import threading
import tracemalloc
import weakref

before = [object()]
tracemalloc.start(6)


def show(what, value):
    traceback = tracemalloc.get_object_traceback(value)
    if traceback is None:
        print(what, None)
        return
    own = {__file__: "here", "made up": "made up"}
    print(what, [(own[frame.filename], frame.lineno) for frame in traceback if frame.filename in own])


show("before", before[0])
show("int", 5)
show("none", None)
show("object", object())


def make(kind):
    return kind()


def outer(kind):
    return make(
        kind
    )


show("in calls", outer(set))


class Thing:
    def __init__(self):
        self.items = {1, 2}


thing = Thing()
show("instance", thing)
show("attribute", thing.items)
show("class", Thing)
show("lambda", lambda: None)

number = 3
text = "abcdefgh" * number * number
part = text[number:50]
show("text", text)
show("part", part)
show("formatted", f"{number}-{text}")
show("bytes", bytes(number))
show("big", 1 << 200 * number)


def closed(x):
    def inner():
        return x

    return inner


show("cell", closed(1).__closure__[0])


def numbers():
    yield {number}
    yield {number, -number}


generator = numbers()
show("generator", generator)
first = next(generator)
second = [
    item for item in
    generator
][0]
show("second", second)


async def coroutine():
    return {number}


waiting = coroutine()
show("coroutine", waiting)
waiting.close()


class Dying:
    def __del__(self):
        kept.append({7})


kept = []


def die():
    dying = Dying()
    return number


die()
show("made by a finalizer", kept[-1])
cycle = Thing()
cycle.me, cycle.dying = cycle, Dying()
del cycle
gc.collect()
show("made by a finalizer of trash", kept[-1])

reference = weakref.ref(thing, lambda _: kept.append({8}))
del thing
show("made by a callback", kept[-1])


def work():
    kept.append({number})


thread = threading.Thread(target=work)
thread.start()
thread.join()
show("made by a thread", kept[-1])


def deep(n):
    return object() if n == 0 else deep(n - 1)


show("deep", deep(100))
exec(compile("kept.append({3})\n", "made up", "exec"))
show("executed", kept[-1])
values = []
for n in range(300):
    values.append({n})
show("in a loop", values[200])

tracemalloc.clear_traces()
show("cleared", values[200])
tracemalloc.stop()
show("stopped", object())
print(tracemalloc.is_tracing(), tracemalloc.get_traced_memory(), tracemalloc.get_traceback_limit())
tracemalloc.start()
show("again", outer(dict))
print(tracemalloc.get_traceback_limit())
