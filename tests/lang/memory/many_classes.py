# What the instances of a class have taught the interpreter goes with the class.
# modes: auto, zeal
# With collections off no class goes, and how much the classes keep is then no matter of this test.
import gc
import resource


def make(i):
    class Wide:
        def __init__(self):
            for n in range(20):
                setattr(self, f"a{n}", i)

    class Empty:
        pass

    wide, empty = Wide(), Empty()
    empty.only = i
    return wide.a0 + wide.a19 + empty.only


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


for i in range(200):
    make(i)
gc.collect()
before = peak()
total = 0
for i in range(4000):
    total += make(i)
print(total, peak() - before < 20)


# An instance whose class is exchanged keeps its attributes when the old class goes.
class Old:
    pass


class New:
    pass


one = Old()
one.a, one.b = 1, 2
one.__class__ = New
del Old
gc.collect()
others = []
for i in range(50):
    cls = type("C", (), {})
    other = cls()
    other.x, other.y = i, -i
    others.append(other)
one.c = 3
print(one.__dict__, vars(others[7]), others[-1].y)


# Instances from before and after the first attribute of all.
class Slow:
    pass


early = Slow()
late = Slow()
late.p = 1
after = Slow()
early.p, after.q = 2, 3
after.p = 4
print(vars(early), vars(late), vars(after), vars(Slow()))
