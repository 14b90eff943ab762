# Walking a traceback: frames, line numbers, locals.
def inner(x):
    y = x * 2
    raise ValueError(y)


def middle(x):
    z = "middle local"
    inner(x + 1)


def outer():
    try:
        middle(1)
    except ValueError as e:
        return e


e = outer()
tb = e.__traceback__
while tb is not None:
    f = tb.tb_frame
    names = {k: v for k, v in f.f_locals.items() if isinstance(v, (int, str))}
    print(f.f_code.co_name, tb.tb_lineno, f.f_code.co_firstlineno, names, f.f_code.co_filename.split("/")[-1])
    tb = tb.tb_next
import sys


def frames():
    f = sys._getframe()
    out = []
    while f:
        out.append((f.f_code.co_name, f.f_lineno))
        f = f.f_back
    return out


def caller():
    return frames()


print(caller())
print([x for x in [frames()]][0][1:])
g = (frames() for _ in range(1))
print(next(g)[:2])


class K:
    trail = frames()


print(K.trail[1:])
e.__traceback__ = None
try:
    raise e
except ValueError as again:
    print(again is e, again.__traceback__.tb_next is None)


def rethrow():
    try:
        inner(1)
    except ValueError as error:
        raise error


try:
    rethrow()
except ValueError as error:
    tb, out = error.__traceback__, []
    while tb:
        out.append((tb.tb_frame.f_code.co_name, tb.tb_lineno))
        tb = tb.tb_next
    print(out)
