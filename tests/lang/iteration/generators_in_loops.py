# Generators that a for loop or a yield from resumes: state, exceptions, lifetimes, nesting.
import sys


def countdown(n):
    try:
        while n:
            yield n
            n -= 1
        return "done"
    finally:
        print("finally", n)


print([x for x in countdown(3)])
for x in countdown(3):
    if x == 2:
        break
print("after break")


def delegating():
    result = yield from countdown(2)
    print("result", result)
    got = yield "waiting"
    print("got", got)


for x in delegating():
    print("loop", x)


# What is sent through a chain reaches the innermost; what it raises comes out through all.
def inner():
    while True:
        try:
            got = yield "ready"
            print("inner got", got)
            if got == "stop":
                return "stopped"
        except KeyError as error:
            print("inner caught", error.args)
            yield "caught"


def outer():
    return (yield from inner())


g = outer()
print(next(g), g.send(1), g.throw(KeyError("k")), next(g))
try:
    g.send("stop")
except StopIteration as stop:
    print("StopIteration", stop.value)


# The exception that is being handled is each generator's own.
def handling():
    try:
        raise ValueError("inside")
    except ValueError:
        yield sys.exception()
        yield sys.exception()
    yield sys.exception()


try:
    raise LookupError("outside")
except LookupError:
    for seen in handling():
        print(repr(seen), repr(sys.exception()))
print(sys.exception())


def raising():
    yield 1
    raise ZeroDivisionError("from the generator")


try:
    for x in raising():
        print("got", x)
except ZeroDivisionError as error:
    tb = error.__traceback__
    names = []
    while tb:
        names.append((tb.tb_frame.f_code.co_name, tb.tb_lineno - tb.tb_frame.f_code.co_firstlineno))
        tb = tb.tb_next
    print(names[1:], error)


def stopping():
    yield 1
    raise StopIteration("early")


try:
    for x in stopping():
        print("got", x)
except RuntimeError as error:
    print(type(error).__name__, error, repr(error.__cause__))


def own():
    try:
        for x in me:
            print("never", x)
    except ValueError as error:
        print(error)
    yield me.gi_running


me = own()
for x in me:
    print("running", x)
print(me.gi_running, me.gi_frame)


class Loud:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("del", self.name)


def taking():
    while True:
        got = yield
        if got is None:
            return
        print("took", got.name)
        del got
        print("dropped")


def passing():
    yield from taking()


p = passing()
next(p)
p.send(Loud("sent"))
try:
    next(p)
except StopIteration:
    print("passed")


def holding():
    kept = Loud("local")
    yield 1
    print("resumed")


for x in holding():
    print("item", x)
print("end of loop")


# The frames of the chain while it runs.
def names():
    frame, found = sys._getframe(1), []
    while frame.f_back:
        found.append(frame.f_code.co_name)
        frame = frame.f_back
    return found


def leaf():
    yield names()


def middle():
    yield from leaf()


def consumer():
    for chain in middle():
        return chain


print(consumer())


# Trees walked by recursive generators, and recursion without end.
def walk(tree):
    if isinstance(tree, tuple):
        for part in tree:
            yield from walk(part)
    else:
        yield tree


print(list(walk(((1, (2, 3)), (((4,),), 5)))))


def deep(n):
    if n:
        for x in deep(n - 1):
            yield x + 1
    else:
        yield 0


for total in deep(300):
    print(total)


def endless():
    for x in endless():
        yield x


try:
    for x in endless():
        pass
except RecursionError as error:
    print(type(error).__name__)


async def leaf_task(n):
    return n * 2


async def task():
    total = 0
    for i in range(4):
        total += await leaf_task(i)
    return total


t = task()
try:
    t.send(None)
except StopIteration as stop:
    print("awaited", stop.value)
