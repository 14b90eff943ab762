"""Pipelines of itertools, map, filter, zip, enumerate, any, all, min, max and reduce.

Group: containers
Counted: 4000
"""
import functools
import itertools
import operator
import sys


def main(n):
    total = sum(itertools.islice(itertools.count(3, 2), n))
    total += sum(itertools.chain(range(n), [1, 2, 3], range(n // 2)))
    total += sum(itertools.accumulate(range(n))) % 9973
    total += sum(map(operator.mul, range(n), itertools.cycle((1, -1, 2))))
    total += sum(filter(None, map(lambda x: x & 3, range(n))))
    total += sum(1 for _ in itertools.takewhile(lambda x: x < n // 2, range(n)))
    total += sum(itertools.dropwhile(lambda x: x < n // 2, range(n)))
    for key, group in itertools.groupby(range(n), key=lambda x: x // 10):
        total += key * sum(group)
    for a, b in itertools.pairwise(range(n)):
        total += a ^ b
    for a, b in itertools.zip_longest(range(n), range(n // 2), fillvalue=1):
        total += a - b
    total += sum(len(batch) for batch in itertools.batched(range(n), 7))
    side = int(n ** 0.5)
    total += sum(a * b for a, b in itertools.product(range(side), repeat=2))
    total += sum(sum(c) for c in itertools.combinations(range(side // 4 + 4), 3)) % 10007
    total += sum(p[0] for p in itertools.permutations(range(6), 4))
    total += sum(itertools.compress(range(n), itertools.cycle((1, 0, 0))))
    total += sum(itertools.starmap(pow, zip(range(n // 4), itertools.repeat(2))))
    total += functools.reduce(operator.xor, range(n))
    total += any(x > n for x in range(n)) + all(x >= 0 for x in range(n))
    total += max(range(n), key=lambda x: x * 31 % 1009) + min(map(operator.neg, range(n)))
    left, right = itertools.tee(range(n))
    return total + sum(x * y for x, y in zip(left, right)) % 10007


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
