# Coroutines driven by hand: send, throw, close, await chains.
class Suspend:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        got = yield self.value
        return got


async def inner(n):
    a = await Suspend(f"inner {n}")
    return a * 2


async def outer():
    x = await inner(1)
    try:
        y = await inner(2)
    except ValueError as e:
        y = f"caught {e}"
    finally:
        print("finally")
    return x, y


def run(coro, *values):
    try:
        print("yielded", coro.send(None))
        for v in values:
            if isinstance(v, Exception):
                print("yielded", coro.throw(v))
            else:
                print("yielded", coro.send(v))
    except StopIteration as e:
        print("returned", e.value)
    except Exception as e:
        print("raised", repr(e))


run(outer(), 5, 7)
run(outer(), 5, ValueError("v"))
run(outer(), KeyError("k"))
c = outer()
c.send(None)
c.close()
print("closed", c.cr_frame)
try:
    c.send(None)
except RuntimeError as e:
    print(e)


async def simple():
    return "done"


c = simple()
print(type(c).__name__, c.cr_running, c.cr_code.co_name, c.cr_await)
try:
    c.send(None)
except StopIteration as e:
    print(e.value)
for bad in (5, "x", [], (x for x in ())):
    async def awaits():
        await bad
    try:
        awaits().send(None)
    except TypeError as e:
        print(e)
for f in (lambda c: iter(c), lambda c: next(c), lambda c: list(c), lambda c: c()):
    c = simple()
    try:
        f(c)
    except TypeError as e:
        print(e)
    c.close()


class Ctx:
    async def __aenter__(self):
        print("aenter", await Suspend("entering"))
        return "value"

    async def __aexit__(self, kind, value, tb):
        print("aexit", kind and kind.__name__)
        await Suspend("exiting")
        return True


async def with_ctx():
    async with Ctx() as v:
        print("body", v)
        raise ValueError("suppressed")
    return "after"


run(with_ctx(), 1, 2)


async def bad_with():
    async with 5:
        pass


run(bad_with())
c = simple()
c.close()
try:
    c.send(1)
except RuntimeError as e:
    print(e)
c = simple()
try:
    c.send(1)
except TypeError as e:
    print(e)
c.close()
