"""Generator pipelines, yield from, send.

Group: generators and coroutines
Counted: 20000
"""
import sys


def numbers(n):
    for i in range(n):
        yield i


def odd(source):
    for x in source:
        if x & 1:
            yield x


def chained(n):
    yield from numbers(n // 2)
    yield from numbers(n // 2)


def average():
    total = count = 0
    value = None
    while True:
        value = yield total // count if count else 0
        total += value
        count += 1


def main(n):
    total = sum(x * 3 for x in odd(numbers(n)))
    for x in chained(n):
        total -= x
    running = average()
    next(running)
    for i in range(n):
        total += running.send(i & 255)
    return total


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 6_000_000))
