def generator(it):
    x = yield
    y = yield from it
    try:
        yield x, y
    finally:
        it.close()


async def agenerator(it):
    async for x in it:
        yield x
    return


async def coroutine():
    return [await x async for x in agenerator()]
