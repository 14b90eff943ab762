# Coroutines and async generators let go like generators.
class D:
    def __init__(self, name):
        self.name = name
        print("+", name)

    def __del__(self):
        print("-", self.name)

    def __repr__(self):
        return self.name


class Wait:
    def __await__(self):
        x = D("in await")
        yield "waiting"
        return "result"


async def work(x):
    local = D("local")
    r = await Wait()
    print("got", r)
    return x.name


c = work(D("argument"))
print(c.send(None))
try:
    c.send(None)
except StopIteration as e:
    print("value", e.value)
print("--")
c = work(D("argument 2"))
c.send(None)
c.close()
print("closed")
c = work(D("argument 3"))
c.send(None)
del c
print("dropped")


async def agen():
    a = D("agen local")
    try:
        yield 1
        yield 2
    finally:
        print("agen finally")


g = agen()
try:
    g.asend(None).send(None)
except StopIteration as e:
    print("first", e.value)
try:
    g.aclose().send(None)
except StopIteration:
    print("aclosed")
del g
print("end")
