# A program that makes only garbage cycles runs for ever: the limit collects what the program's own collections do not.
import gc

ROUNDS = 40_000


def resident():
    with open("/proc/self/statm", "rb", buffering=0) as statm:
        return int(statm.read(100).split()[1]) * 4096


class Node:
    pass


class Slotted:
    __slots__ = ("me", "__weakref__")


def instance():
    node = Node()
    node.me = node


def slotted():
    node = Slotted()
    node.me = node


def closure():
    def inner():
        return inner


def generator():
    def run():
        yield own

    own = run()
    next(own)


def exception():
    try:
        raise ValueError
    except ValueError as error:
        error.me = error


def lists():
    first, second = [], []
    first.append(second)
    second.append(first)


def dicts():
    own = {}
    own["me"] = own


def sets():
    node = Node()
    node.all = {node}


def large():
    own = [None] * 10_000
    own[0] = own


def texts():
    own = ["x" * 5000, b"y" * 5000, bytearray(5000)]
    own.append(own)


MAKERS = [instance, slotted, closure, generator, exception, lists, dicts, sets, large, texts]

for collector in (gc.enable, gc.disable):
    collector()
    before = resident()
    for make in MAKERS:
        few = make in (large, texts, exception, generator)
        for _ in range(ROUNDS // 5 if few else 2 * ROUNDS):
            make()
    grown = (resident() - before) >> 20
    print("bounded" if grown < 100 else f"grew by {grown} MiB")
