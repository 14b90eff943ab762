"""Objects of many kinds and sizes with mixed lifetimes: most die at once, some live a while, a few stay.

Group: memory churn
Counted: 6000
"""
import sys


class Record:
    def __init__(self, key, data):
        self.key = key
        self.data = data


def make(i):
    kind = i % 7
    if kind == 0:
        return [i] * (i % 40)
    if kind == 1:
        return {i: str(i), "k": i}
    if kind == 2:
        return Record(i, [i, i + 1])
    if kind == 3:
        return "x%d" % i * (i % 20)
    if kind == 4:
        return (i, i / 2, (i,))
    if kind == 5:
        return bytearray(i % 300)
    return {i, i + 1, i & 7}


def size(thing):
    return len(thing.data) if isinstance(thing, Record) else len(thing)


def main(n):
    medium = [None] * 5000
    lasting = []
    index = {}
    total = 0
    for i in range(n):
        thing = make(i)
        total += size(thing)
        if i % 5 == 0:
            medium[i * 7 % 5000] = thing
        if i % 50 == 0:
            lasting.append((i, thing))
        if i % 11 == 0:
            index[i] = thing
            if len(index) > 3000:
                del index[next(iter(index))]
    return total + len(lasting) + sum(size(thing) for thing in index.values())


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_200_000))
