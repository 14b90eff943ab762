# contextmanager, ExitStack, suppress, closing, nullcontext, redirect_stdout.
import contextlib
import io


@contextlib.contextmanager
def tag(name):
    print(f"<{name}>")
    try:
        yield name.upper()
    except ValueError as e:
        print("handled", e)
    finally:
        print(f"</{name}>")


with tag("a") as a, tag("b") as b:
    print(a, b)
with tag("error"):
    raise ValueError("inside")
try:
    with tag("through"):
        raise KeyError("not handled")
except KeyError as e:
    print("outer", e)


@tag("decorator")
def decorated():
    print("in function")


decorated()
with contextlib.ExitStack() as stack:
    for name in "xyz":
        stack.enter_context(tag(name))
    stack.callback(print, "callback")
    print("body")
with contextlib.suppress(KeyError, IndexError):
    [][1]
print("suppressed")
with contextlib.nullcontext(5) as n:
    print(n)


class Thing:
    def close(self):
        print("closed")


with contextlib.closing(Thing()):
    print("using")
buffer = io.StringIO()
with contextlib.redirect_stdout(buffer):
    print("captured")
print(repr(buffer.getvalue()))


@contextlib.contextmanager
def bad():
    yield 1
    yield 2


@contextlib.contextmanager
def never():
    return
    yield


for f in (bad, never):
    try:
        with f():
            pass
    except RuntimeError as e:
        print(e)
stack = contextlib.ExitStack()
stack.push(lambda *e: print("exit", e[0]) or True)
with stack:
    1 / 0
moved = contextlib.ExitStack()
moved.callback(print, "later")
other = moved.pop_all()
moved.close()
print("nothing yet")
other.close()
