# async for, async with, comprehensions and async generators: when objects die, and in which order things happen.
class D:
    def __init__(self, name): self.name = name
    def __del__(self): print("  -", self.name)
    async def __aenter__(self): print("  aenter", self.name); return D(self.name + ".given")
    async def __aexit__(self, kind, error, trace): print("  aexit", self.name, kind and kind.__name__); return self.name.startswith("quiet")
class Source:
    def __init__(self, name, count): self.name, self.left = name, count
    def __del__(self): print("  - source", self.name)
    def __aiter__(self): return self
    async def __anext__(self):
        if not self.left: raise StopAsyncIteration
        self.left -= 1
        return D(f"{self.name}{self.left}")
def run(coroutine):
    try:
        while True: print("  yielded", coroutine.send(None))
    except StopIteration as stop: return stop.value
    except Exception as error: print("  !", type(error).__name__, error)
class Pause:
    def __init__(self, value): self.value = value
    def __await__(self): return (yield self.value)
async def normal():
    async with D("a") as x: print("  body", x.name)
    print("  after")
async def two():
    async with D("a") as x, D("b"): print("  body")
async def quiet():
    async with D("quiet"): raise KeyError(D("error"))
    print("  after")
async def returning():
    async with D("a"): return D("result").name
async def loop():
    async for x in Source("s", 2): print("  item", x.name)
    else: print("  else")
    print("  after", x.name)
async def broken():
    async for x in Source("s", 3):
        if x.name == "s1": break
    del x
    print("  after")
async def comprehension():
    print("  ", [x.name async for x in Source("c", 2)])
    print("  ", {x.name: await Pause(x.name) async for x in Source("d", 2) if x.name != "d1"})
    print("  ", [y async for x in Source("e", 2) for y in x.name])
async def generator():
    try:
        x = D("in generator")
        yield 1
        yield 2
    finally: print("  finally"); await Pause("closing")
async def generator_loop():
    async for i in generator(): print("  got", i)
    print("  after")
async def generator_closed():
    g = generator()
    print("  ", await anext(g))
    await g.aclose()
    print("  closed", await anext(g, "default"))
async def generator_thrown():
    g = generator()
    await g.asend(None)
    try: await g.athrow(ValueError("thrown"))
    except ValueError as e: print("  caught", e)
async def awaiting():
    print("  ", await Pause(1), await Pause(2))
    async def inner(d): await Pause(d.name); return D("inner result")
    print("  ", (await inner(D("argument"))).name)
async def raising():
    async with D("a"):
        async for x in Source("s", 2): raise LookupError("from loop")
for f in (normal, two, quiet, returning, loop, broken, comprehension, generator_loop, generator_closed, generator_thrown, awaiting, raising):
    print(f.__name__)
    print("  result", run(f()))
print("dropped")
c = awaiting(); c.send(None); del c
c = awaiting(); c.close(); del c
c = normal()
import warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    del c
print([str(w.message) for w in caught])
