# What coroutines, async generators and awaitables say when they are used wrongly.
import warnings
warnings.simplefilter("ignore")
async def co(): return 1
async def agen(): yield 1
def gen(): yield 1
class BadAwait:
    def __await__(self): return 1
class AwaitCoroutine:
    def __await__(self): return co()
class NoNext:
    def __aiter__(self): return self
class BadIter:
    def __aiter__(self): return 1
class BadNext:
    def __aiter__(self): return self
    def __anext__(self): return 1
class OnlyEnter:
    async def __aenter__(self): pass
class OnlyExit:
    async def __aexit__(self, *a): pass
class SyncBoth:
    def __enter__(self): pass
    def __exit__(self, *a): pass
class NotAwaited:
    def __aenter__(self): return 1
    async def __aexit__(self, *a): pass
class AsyncBoth:
    async def __aenter__(self): pass
    async def __aexit__(self, *a): pass
class Twice:
    def __await__(self): yield 1; yield 2
bodies = """
await 1
await None
await gen()
await BadAwait()
await AwaitCoroutine()
await agen()
await co
async for x in 1: pass
async for x in [1]: pass
async for x in NoNext(): pass
async for x in BadIter(): pass
async for x in BadNext(): pass
async for x in co(): pass
async for x in gen(): pass
async with 1: pass
async with OnlyEnter(): pass
async with OnlyExit(): pass
async with SyncBoth(): pass
async with NotAwaited(): pass
with AsyncBoth(): pass
with OnlyEnter(): pass
for x in agen(): pass
for x in co(): pass
return [x for x in agen()]
return [x async for x in gen()]
return list(agen())
return await anext(gen())
return aiter(gen())
return await anext(agen(), 5)
return next(agen())
return iter(co())
return len(co())
c = co(); await c; await c
c = co(); c.close(); await c
c = co(); c.throw(ValueError('t'))
c = co(); return c.send(1)
g = agen(); await g.asend(1)
g = agen(); await g.aclose(); return await g.asend(None)
g = agen(); a = g.asend(None); await a; await a
g = agen(); a = g.aclose(); await a; await a
g = agen(); await g.athrow(KeyError('k'))
g = agen(); await g.athrow(1)
g = agen(); a, b = g.asend(None), g.asend(None); await a; await b
raise StopIteration('x')
raise StopAsyncIteration('x')
return (lambda: (yield))()
""".strip().splitlines()
for body in bodies:
    space = dict(globals())
    exec("async def main():\n " + body.replace("; ", "\n "), space)
    main = space["main"]()
    try:
        value = main.send(None)
        print(body, "-> yields", value)
    except StopIteration as e: print(body, "->", type(e.value).__name__ if callable(e.value) or hasattr(e.value, "send") else e.value)
    except BaseException as e: print(body, "!!", type(e).__name__, e)
    main.close()
c = co()
for step in ("c.cr_running", "c.cr_await", "c.cr_suspended", "c.cr_frame is None", "c.cr_origin", "c.__name__", "c.__qualname__", "c.__await__().__class__.__name__", "c.__next__", "c.cr_code.co_name"):
    try: print(step, eval(step))
    except Exception as e: print(step, type(e).__name__, e)
c.close()
g = agen()
for step in ("g.ag_running", "g.ag_await", "g.ag_suspended", "g.ag_frame is None", "g.__aiter__() is g", "g.ag_code.co_flags & 0x200", "g.asend()", "g.asend(1, 2)", "type(g.aclose()).__name__", "type(g.asend(1)).__name__"):
    try: print(step, eval(step))
    except Exception as e: print(step, type(e).__name__, e)
