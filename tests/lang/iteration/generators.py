# Generators: laziness, send, throw, close, return values.
def count(n):
    print("started")
    i = 0
    while i < n:
        got = yield i
        if got is not None:
            print("got", got)
            i = got
        else:
            i += 1
    return "finished"


g = count(5)
print(next(g), next(g), g.send(3), next(g))
try:
    next(g)
except StopIteration as e:
    print("value", e.value)
print(next(g, "default"))


def careful():
    while True:
        try:
            x = yield "ready"
            print("received", x)
        except ValueError as e:
            print("handled", e)
            yield "recovered"
        except GeneratorExit:
            print("exit")
            return
        finally:
            print("finally")


g = careful()
print(next(g), g.send(1), g.throw(ValueError("bad")), next(g))
g.close()
g.close()
try:
    g.throw(KeyError("after close"))
except KeyError as e:
    print("threw", e)
g = count(3)
for f in (lambda: g.send(1), lambda: next(iter([])), lambda: next(5)):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)


def stubborn():
    try:
        yield 1
    except GeneratorExit:
        yield 2


g = stubborn()
next(g)
try:
    g.close()
except RuntimeError as e:
    print(e)


def leak():
    yield 1
    raise StopIteration("inside")


try:
    list(leak())
except RuntimeError as e:
    print(e, repr(e.__cause__))


def reenter():
    yield next(me)


me = reenter()
try:
    next(me)
except ValueError as e:
    print(e)
g = (x * x for x in range(4))
print(list(g), list(g), sum(x for x in range(5)), max((len(w), w) for w in ("a", "ccc")))
print(type(g).__name__, g.__name__, count.__name__, g.gi_frame, g.gi_running)


def infinite():
    n = 0
    while True:
        yield n
        n += 1


print([x for x, _ in zip(infinite(), range(3))], next(x for x in infinite() if x * x > 50))


def returns():
    return 5
    yield


try:
    next(returns())
except StopIteration as e:
    print(e.value, e.args)
g = count(2)
g.close()
print(list(g))
def tree(t):
    if t:
        l, v, r = t
        yield from tree(l)
        yield v
        yield from tree(r)
print(list(tree(((None, 1, None), 2, ((None, 3, None), 4, None)))))
