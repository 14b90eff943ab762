# Loops over ranges near the ends of small ints, with all kinds of steps, and what a loop variable holds afterwards.
import sys


def items(*args):
    seen = []
    for i in range(*args):
        seen.append(i)
        if len(seen) == 6:
            break
    return seen


EDGES = [0, 1, -1, 5, 2**61 - 2, 2**61 - 1, 2**61, -(2**61), -(2**61) - 1, 2**63 - 1, 2**63, -(2**63), 10**30]
STEPS = [1, -1, 2, -3, 2**60, -(2**60), 2**61 - 1, -(2**61), 2**62, 10**29]

total = 0
for start in EDGES:
    for stop in EDGES:
        for step in STEPS:
            got = items(start, stop, step)
            wanted = []
            at = start
            while len(wanted) < 6 and (at < stop if step > 0 else at > stop):
                wanted.append(at)
                at += step
            assert got == wanted, (start, stop, step, got, wanted)
            total += len(got)
print(total)

# An exhausted loop leaves its variable, an empty one does not touch it.
i = "untouched"
for i in range(3, 3):
    pass
print(i)
for i in range(10, 0, -4):
    pass
print(i)

# The end is settled when the loop begins.
n = 3
for i in range(n):
    n += 1
print(n, i)


def twice():
    for i in range(2):
        for j in range(i, 4, 2):
            yield i, j


print(list(twice()))
for i in range(3):
    i = "overwritten"
print(i)
# What the variable held goes when the next item comes.


class Loud:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("gone", self.name, sys._getframe(1).f_lineno)


def held():
    for i in range(2):
        print("round", i)
        i = Loud(i)
    print("end", i.name)


held()
for x in [Loud("a"), Loud("b")]:
    print("at", x.name)
x = None


def exhausted():
    """Its iterator is at its end, beyond the small ints, and nobody else has it."""
    it = iter(range(0, 2**61 - 1, 2**60))
    next(it), next(it)
    box = [it]
    del it
    for x in box.pop():
        return x


print(exhausted())
