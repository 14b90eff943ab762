# A tiny round-robin scheduler with sleeping tasks, built on coroutines alone.
class Sleep:
    def __init__(self, ticks):
        self.ticks = ticks

    def __await__(self):
        woken = yield ("sleep", self.ticks)
        return woken


class Channel:
    def __init__(self):
        self.items = []

    def put(self, x):
        self.items.append(x)

    async def get(self):
        while not self.items:
            await Sleep(1)
        return self.items.pop(0)


class Loop:
    def __init__(self):
        self.now, self.queue, self.order, self.results = 0, [], 0, {}

    def spawn(self, name, coro, at=0, first=True):
        self.order += 1
        self.queue.append((at, self.order, name, coro, first))

    def run(self):
        while self.queue:
            self.queue.sort(key=lambda t: t[:2])
            at, _, name, coro, first = self.queue.pop(0)
            self.now = max(self.now, at)
            try:
                kind, ticks = coro.send(None if first else self.now)
                self.spawn(name, coro, self.now + ticks, first=False)
            except StopIteration as e:
                self.results[name] = e.value
                print(f"t={self.now} {name} finished with {e.value}")
            except Exception as e:
                print(f"t={self.now} {name} failed: {e!r}")


async def producer(ch, n):
    for i in range(n):
        await Sleep(2)
        ch.put(i)
        print("put", i)
    return n


async def consumer(ch, n):
    return [await ch.get() for _ in range(n)]


async def failing():
    await Sleep(3)
    raise ValueError("task failed")


async def parent():
    a = await child(1)
    b = await child(a)
    return a + b


async def child(x):
    t = await Sleep(x)
    return t


loop, ch = Loop(), Channel()
loop.spawn("consumer", consumer(ch, 3))
loop.spawn("producer", producer(ch, 3))
loop.spawn("failing", failing())
loop.spawn("parent", parent())
loop.run()
print(loop.results, loop.now)
