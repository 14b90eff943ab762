"""Coroutines driven by hand: await chains, async for, async with, asynchronous generators and comprehensions.

Group: generators and coroutines
Counted: 300
"""
import sys
import types


@types.coroutine
def pause(value):
    return (yield value)


async def leaf(x):
    return await pause(x) + 1


async def chain(depth, x):
    return await leaf(x) if depth == 0 else await chain(depth - 1, x) + 1


class Countdown:
    def __init__(self, n):
        self.n = n

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.n == 0:
            raise StopAsyncIteration
        self.n -= 1
        return self.n


class Resource:
    opened = 0

    async def __aenter__(self):
        Resource.opened += 1
        return self

    async def __aexit__(self, *details):
        Resource.opened -= 1


async def squares(n):
    for i in range(n):
        yield i * i
        if i % 16 == 0:
            await pause(i)


async def task(number):
    total = 0
    async with Resource():
        async for x in Countdown(20):
            total += x
        total += await chain(5, number)
        async for x in squares(20):
            total += x
        total += sum([x async for x in squares(10) if x & 1])
    for _ in range(5):
        total += await leaf(number)
    return total


def run(tasks):
    """Round robin: each turn sends back what the task had handed out."""
    total = 0
    ready = [(each, None) for each in tasks]
    while ready:
        waiting = []
        for each, answer in ready:
            try:
                waiting.append((each, each.send(answer)))
            except StopIteration as stop:
                total += stop.value
        ready = waiting
    return total


def main(n):
    total = 0
    for start in range(0, n, 100):
        total += run([task(start + i) for i in range(100)])
    return total + Resource.opened


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 70_000))
