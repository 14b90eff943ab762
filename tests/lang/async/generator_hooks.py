# The hooks that `sys.set_asyncgen_hooks` sets are a thread's own, and asyncio closes what is left half-way.
import asyncio
import sys
import threading


async def numbers():
    try:
        yield 1
        yield 2
    finally:
        print("closed")


def first(generator):
    print("first", type(generator).__name__)


def last(generator):
    print("last", type(generator).__name__)


def step(generator):
    try:
        generator.__anext__().send(None)
    except StopIteration as stop:
        print(stop.value)


sys.set_asyncgen_hooks(firstiter=first, finalizer=last)
generator = numbers()
step(generator)
step(generator)
del generator
thread = threading.Thread(target=lambda: print(tuple(sys.get_asyncgen_hooks())))
thread.start()
thread.join()
sys.set_asyncgen_hooks(None, None)
print(tuple(sys.get_asyncgen_hooks()))
kept = numbers()


async def main():
    async for number in kept:
        print(number)
        break
    other = numbers()
    await other.__anext__()
    del other
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print("end")


asyncio.run(main())
