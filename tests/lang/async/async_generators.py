# Async generators and comprehensions, driven by hand.
class Suspend:
    def __await__(self):
        yield "suspended"


def drive(coro):
    while True:
        try:
            coro.send(None)
        except StopIteration as e:
            return e.value


async def agen(n):
    try:
        for i in range(n):
            await Suspend()
            yield i
    finally:
        print("agen finally")


async def collect():
    out = []
    async for x in agen(3):
        out.append(x)
    else:
        out.append("else")
    return out


print(drive(collect()))


async def comprehensions():
    a = [x async for x in agen(3)]
    b = {x: x * x async for x in agen(2)}
    c = [y for x in [1, 2] if await truth(x) for y in range(x)]
    d = sorted({x % 2 async for x in agen(3) if x})
    g = (x async for x in agen(2))
    e = [x async for x in g]
    return a, b, c, d, e


async def truth(x):
    await Suspend()
    return x > 1


print(drive(comprehensions()))


async def sends():
    received = []
    while len(received) < 2:
        received.append((yield len(received)))
    yield received


async def use_sends():
    g = sends()
    print(await g.__anext__(), await g.asend("a"), await g.asend("b"))
    try:
        await g.__anext__()
    except StopAsyncIteration:
        print("exhausted")
    g = agen(5)
    await anext(g)
    await g.aclose()
    print(await anext(g, "default"))
    g = agen(5)
    await anext(g)
    try:
        await g.athrow(ValueError("thrown"))
    except ValueError as e:
        print(e)
    async for x in agen(10):
        if x == 1:
            break
    print("left loop")


drive(use_sends())


class AIter:
    def __init__(self):
        self.n = 0

    def __aiter__(self):
        return self

    async def __anext__(self):
        self.n += 1
        if self.n > 2:
            raise StopAsyncIteration
        return self.n


async def custom():
    return [x async for x in AIter()]


print(drive(custom()))


async def wrong():
    for f in (5, [1]):
        try:
            async for x in f:
                pass
        except TypeError as e:
            print(e)


drive(wrong())
print(type(agen(1)).__name__)
