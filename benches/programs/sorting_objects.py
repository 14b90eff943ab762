"""Sort objects: by attribute, by key tuple, by __lt__, by a comparison function; min, max and groups of them.

Group: sorting
Counted: 900
"""
import functools
import itertools
import operator
import sys


class Person:
    def __init__(self, name, age, height):
        self.name = name
        self.age = age
        self.height = height

    def __lt__(self, other):
        return self.age < other.age


def people(n):
    seed = 42
    for _ in range(n):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        yield Person("n%05d" % (seed % 99991), seed >> 8 & 127, seed / 7)


def compare(a, b):
    return (a.name > b.name) - (a.name < b.name)


def main(n):
    crowd = list(people(n))
    total = 0
    crowd.sort(key=operator.attrgetter("name"))
    total += crowd[n // 2].age
    crowd.sort(key=lambda p: p.height, reverse=True)
    total += crowd[n // 3].age
    crowd.sort(key=lambda p: (p.age, p.name))
    total += int(crowd[n // 4].height)
    by_age = sorted(reversed(crowd))
    total += by_age[n // 5].age
    crowd.sort(key=functools.cmp_to_key(compare))
    total += crowd[n // 6].age
    rows = [(p.age, p.name, p.height) for p in crowd]
    rows.sort(key=operator.itemgetter(0, 1))
    for age, group in itertools.groupby(rows, key=operator.itemgetter(0)):
        total += age * max(group, key=operator.itemgetter(2))[0]
    words = [p.name.upper() + p.name for p in crowd]
    words.sort(key=str.lower)
    total += len(sorted(words, key=len)[0])
    nested = [[p.age & 7, [p.age, p.name]] for p in by_age]
    nested.sort()
    for _ in range(3):
        rows.sort()
        rows.reverse()
    return total + nested[n // 2][0] + min(crowd).age + max(crowd, key=lambda p: p.height).age


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 70_000))
