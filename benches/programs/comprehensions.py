"""Comprehensions of each kind: list, set, dict, generator; nested, with conditions, over many kinds of source.

Group: comprehensions
Counted: 150
"""
import sys


def main(n):
    total = 0
    words = ["w%d" % i for i in range(100)]
    table = {word: i for i, word in enumerate(words)}
    for i in range(n):
        evens = [x for x in range(100) if not x & 1]
        pairs = [(x, y) for x in evens[:8] for y in evens[:8] if x != y]
        grid = [[x * y for x in range(8)] for y in range(8)]
        columns = [[row[k] for row in grid] for k in range(8)]
        lengths = {len(word) for word in words}
        inverse = {number: word for word, number in table.items() if number > i & 63}
        joined = ",".join(word for word in words if word[-1] == "3")
        shifted = [x + i for x in evens]
        stripped = [word[1:] for word in words]
        texts = [str(x) for x in shifted]
        found = any(x == 50 for x in evens)
        squares = sum(x * x for x in shifted)
        both = [a + b for a, b in zip(evens, shifted)]
        last = [y := x + 1 for x in evens]
        total += len(pairs) + columns[3][4] + len(lengths) + len(inverse) + len(joined) + both[-1] + y
        total += len(stripped) + len(texts[-1]) + found + squares + len(last)
    return total


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 30_000))
