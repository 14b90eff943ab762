# zip and enumerate give the same tuple again as long as nobody keeps it; what it holds lives until then.
import gc
import weakref


class Noisy:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("end of", self.name)


print(list(zip(range(3), "abc")), list(enumerate("abc", 5)), dict(enumerate("xy")))
pairs = zip([1, 2, 3, 4], [5, 6, 7, 8])
first = next(pairs)
second = next(pairs)
print(first, second, first is second)
del first
third = next(pairs)
print(second, third, next(pairs), third)
print(list(enumerate("ab", 2**61 - 2)), list(enumerate("abc", 2**64)))


def items():
    for n in range(3):
        yield Noisy(n)


for i, item in enumerate(items()):
    print("at", i, item.name)
    del item
print("enumerated")
for item, _ in zip(items(), range(2)):
    print("with", item.name)
    del item
print("zipped")
print(list(map(lambda a, b: a * b, [1, 2, 3], (4, 5))), list(map(max, [3, 1], [2, 9], [0, 0])))


class Node:
    pass


# A tuple that held nothing of interest for a collection becomes part of a cycle.
node = Node()
node.pairs = zip([1, node], [2, 3])
print(next(node.pairs))
gc.collect()
print(next(node.pairs)[1])
gone = weakref.ref(node)
del node
gc.collect()
print(gone() is None)
