"""Lists and tuples: indexing, slicing, inserting, popping, searching, unpacking, copying, reversing.

Group: containers
Counted: 4000
"""
import sys


def main(n):
    items = list(range(n))
    total = 0
    for i in range(0, n, 2):
        items[i], items[-1 - i] = items[-1 - i], items[i]
    for i in range(n - 3):
        total += items[i] - items[i + 3]
    stack = []
    for item in items:
        stack.append(item)
        if item % 3 == 0:
            total += stack.pop() + len(stack)
    for i in range(0, n - 16, 8):
        part = items[i:i + 8]
        part.reverse()
        items[i:i + 8] = part
        total += part[0] + sum(items[i:i + 16:5])
    small = []
    for i in range(n // 4):
        small.insert(i & 7, i)
        if len(small) > 64:
            del small[3]
            small.remove(small[40])
        total += i in small
        first, *middle, last = small[:4] + [i]
        total += first + len(middle) - last
    triples = [(i, i + 1, (i, i)) for i in range(n)]
    for a, b, (c, _) in triples:
        total += a - b + c
    copies = [triple[::-1] for triple in triples] + triples * 2
    total += len(copies) + copies.index(triples[n // 2]) + (copies == copies[:])
    for a, b in zip(items, reversed(items)):
        if a < b:
            total += 1
    for index, item in enumerate(items, 1):
        total += index ^ item
    return total


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 700_000))
