# The asynchronous protocol with methods written in Python: awaits, async for, async with; steps of asynchronous generators.
class Later:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        got = yield self.value
        return got


class Count:
    def __init__(self, n):
        self.n = n

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.n == 0:
            raise StopAsyncIteration
        self.n -= 1
        return await Later(self.n)


class Bad:
    def __init__(self, what):
        self.what = what

    def __aiter__(self):
        return self if self.what != "iterator" else 1

    def __anext__(self):
        if self.what == "raises":
            raise ValueError("anext")
        return 5

    def __await__(self):
        if self.what == "coroutine":
            made = plain()
            made.close()
            return made
        if self.what == "generator":
            return (x for x in [1])
        return [1]


async def plain():
    return 1


def drive(coroutine, *sent):
    sent = list(sent)
    out = []
    try:
        value = None
        while True:
            out.append(coroutine.send(value))
            value = sent.pop(0) if sent else None
    except StopIteration as stop:
        return out, stop.value
    except BaseException as err:
        cause = repr(err.__cause__) if err.__cause__ else None
        return out, type(err).__name__, str(err), cause


async def loop(source):
    return [x async for x in source]


async def wait(source):
    return await source


print(drive(loop(Count(3)), "a", "b", "c"))
print(drive(wait(Later(4)), "sent"))
for what in ("iterator", "item", "raises"):
    print(what, drive(loop(Bad(what))))
for what in ("coroutine", "generator", "list"):
    print(what, drive(wait(Bad(what))))


async def squares(n):
    try:
        for i in range(n):
            got = yield i * i
            if got:
                print("got", got)
            await Later(-i)
    finally:
        print("closing")


async def none():
    yield None


async def steps():
    g = squares(4)
    print(await g.asend(None), await g.asend("x"))
    step = g.asend(None)
    print(await step)
    try:
        await step
    except RuntimeError as err:
        print(err)
    try:
        await g.athrow(KeyError("k"))
    except KeyError as err:
        print(repr(err))
    try:
        await g.__anext__()
    except StopAsyncIteration as err:
        print(repr(err))
    print(await none().__anext__())
    g = squares(2)
    await g.__anext__()
    print(await g.aclose())
    return [x async for x in squares(3)]


print(drive(steps()))
step = none().__anext__()
try:
    step.send(None)
except StopIteration as stop:
    print(stop.args, stop.value)
step = squares(1).asend(None)
try:
    next(iter(step))
except StopIteration as stop:
    print(stop.args, stop.value)


async def exhausted():
    g = squares(1)
    print([x async for x in g])
    print(await g.aclose(), await g.aclose(), await squares(1).aclose())
    try:
        print(await g.athrow(KeyError))
    except KeyError as err:
        print(repr(err))
    try:
        await g.asend(None)
    except StopAsyncIteration as err:
        print(repr(err))


print(drive(exhausted()))
