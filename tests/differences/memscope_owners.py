# modes: auto
# reason: memscope is Taipan's own: it shows the memory of a running program from outside its heap.
"""Why an object is alive, and a reference count accounted for, with the names of edges.

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


class Box:
    pass


class Slotted:
    __slots__ = ("first", "second")


def edges(what):
    """The direct owners of an object, each as its last step."""
    return sorted(path[1][-1][:2] if path[1] else (path[0].split(",")[0],) for path in memscope.why(what, limit=50).paths)


target = ["the target"]
print(edges(target))

box = Box()
box.attribute = target
slots = Slotted()
slots.second = target
table = {"key": target, 7: target, (1, 2): 3}
items = (0, target)
many = {target: 1} if False else {frozenset([1]): 2}
print(edges(target))


def local(parameter):
    variable = parameter
    print(edges(parameter))
    print(memscope.balance(parameter))


def shown(text):
    """Without addresses and paths."""
    import re
    return re.sub(r" at 0x[0-9a-f]+|, \S*[/\\](?=\w+\.py)", "", text)


def closure():
    captured = target

    def inner():
        return captured

    return inner


def two_cells():
    first, second = target, 2
    return lambda: (first, second)


def last_cells():
    return [step[:2] for path in memscope.why(target, limit=50).paths for step in path[1] if step[0] == "cell"]


def generator():
    paused = target
    yield paused


inner, pair, running = closure(), two_cells(), generator()
next(running)
print(edges(target))
print(sorted(last_cells()))
answer = memscope.balance(target)
print(answer.count == answer.edges + answer.frames + answer.handles + answer.residue, answer.residue)
print(answer.count == sys.getrefcount(target), answer.edges, answer.frames, answer.handles)
print(answer.frame_list)


def frames(parameter):
    answer = memscope.balance(parameter)
    return [shown(text.split(",")[0]) for text in answer.frame_list], answer.residue


print(frames(target))
lone = [Box()]
print(shown(repr(memscope.balance(lone))))
print(shown(repr(memscope.why(lone))))
print(shown(repr(memscope.why([]))))
holder = Box()
holder.self = holder
print(shown(repr(memscope.balance(holder))))

# Classes, and what is in a key.
print(("class", "__class__") in edges(Box), ("global", "Box") in edges(Box))
key = frozenset([12345])
d = {key: None}
s = {key}
print(edges(key))
method = box.__init__
print([step[:2] for step in memscope.why(box, limit=9).paths[-1][1]])

# What has no owner says so.
for value in (5, 2.5, True, None, ..., NotImplemented, "", ()):
    answer = memscope.why(value)
    print(answer.note, memscope.balance(value).count)

# No function that merely holds a count goes unnamed: containers of the library, deep chains.
from collections import OrderedDict, defaultdict, deque

things = [deque([target]), OrderedDict(a=target), defaultdict(list, b=target), map(print, target), iter(target),
          memoryview(bytearray(b"x")), zip(target, target), enumerate(target), property(fget=lambda self: 1), (i for i in [target])]
answer = memscope.balance(target)
print(answer.residue, ("index", "0") in [edge[:2] for edge in answer.edge_list])
chain = None
for _ in range(100000):
    chain = (chain,)
first = chain
while first[0] is not None:
    first = first[0]
print(len(memscope.why(first, limit=3).paths), memscope.balance(first).residue)

import tracemalloc

tracemalloc.start(2)


def making():
    return {1}


made = making()
answer = memscope.why(made)
print([place.rpartition("/")[2] for place in answer.made], memscope.why(value).made)
print("made at" in repr(answer))
tracemalloc.stop()
print(memscope.why(made).made)
