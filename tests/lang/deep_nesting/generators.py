# Chains of suspended generators, and of objects with finalizers, die without a word.
N = 20_000


def suspended(make):
    x = None
    for _ in range(N):
        x = make(x)
        next(x)
    return x


def plain(x):
    yield x
    yield 2


def guarded(x):
    try:
        yield x
    finally:
        count.append(1)


def managed(x):
    with Manager():
        yield x


class Manager:
    def __enter__(self): pass
    def __exit__(self, *a): count.append(2)


for make in (plain, guarded, managed):
    count = []
    head = suspended(make)
    del head
    print(make.__name__, len(count))


class D:
    def __init__(self, n): self.n = n
    def __del__(self): count.append(3)


count = []
head = None
for _ in range(100_000):
    head = D(head)
del head
print("D", len(count))


class Makes:
    def __del__(self):
        count.append(5)
        if len(count) < 300:
            Makes()


count = []
Makes()
print("Makes", len(count))
