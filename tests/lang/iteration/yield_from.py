# Delegation: values, sends, throws, closes and returns go through.
def inner():
    log = []
    while True:
        try:
            x = yield len(log)
        except ValueError as e:
            log.append(f"caught {e}")
            continue
        if x == "stop":
            return log
        log.append(x)


def outer():
    result = yield from inner()
    print("result", result)
    return "outer done"


g = outer()
print(next(g), g.send("a"), g.send("b"), g.throw(ValueError("v")))
try:
    g.send("stop")
except StopIteration as e:
    print(e.value)


def from_list():
    r = yield from [1, 2, 3]
    print("list returned", r)
    yield from "ab"
    yield from range(2)
    yield from {5: 6}
    yield from ()
    yield from (x * x for x in range(3))


print(list(from_list()))


def closing():
    try:
        yield 1
        yield 2
    finally:
        print("inner closed")


def delegating():
    try:
        yield from closing()
    finally:
        print("outer closed")


g = delegating()
next(g)
g.close()
g = delegating()
next(g)
try:
    g.throw(KeyError("k"))
except KeyError as e:
    print("through", e)


def bad():
    yield from 5


try:
    next(bad())
except TypeError as e:
    print(e)
g = from_list()
next(g)
for f in (lambda: g.send(5), lambda: list(g)):
    try:
        print(f())
    except AttributeError as e:
        print(e)


class Custom:
    def __iter__(self):
        return self

    def __next__(self):
        print("next")
        return 1

    def send(self, v):
        print("send", v)
        raise StopIteration("custom result")

    def throw(self, *e):
        print("throw", e)
        return "from throw"

    def close(self):
        print("close")


def custom():
    r = yield from Custom()
    print("r", r)
    yield "last"


g = custom()
print(next(g), g.send("x"))
g = custom()
next(g)
print(g.throw(ValueError("y")))
g.close()


def countdown(n):
    if n:
        yield n
        yield from countdown(n - 1)


print(list(countdown(50))[-3:], sum(countdown(100)))


def reraise():
    try:
        yield from inner()
    except KeyError as e:
        yield f"handled {e}"


g = reraise()
next(g)
print(g.throw(KeyError("z")), g.gi_yieldfrom)
