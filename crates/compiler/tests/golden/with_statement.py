def read(path):
    with open(path) as a, lock:
        return a.read()


async def aread(path):
    async with path as p:
        async for line in p:
            await line
