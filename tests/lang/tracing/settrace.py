# What trace and profile functions are told, and what setting f_lineno does.
import sys


def show(frame, event, arg):
    if event == "exception":
        arg = arg[1]
    print(frame.f_code.co_name, event, frame.f_lineno - frame.f_code.co_firstlineno, arg)
    return show


def plain(x):
    y = x + 1
    for i in range(2):
        y += i
    try:
        1 / 0
    except ZeroDivisionError:
        pass
    return y


def gen():
    x = yield 1
    return None


def loop():
    n = 0
    while True:
        n += 1
        if n > 2:
            break
    for a in gen():
        b = [i for i in range(2)]
    return plain(n)


def fails():
    raise ValueError(1)


def cleans():
    try:
        fails()
    finally:
        x = 1


sys.settrace(show)
loop()
try:
    cleans()
except ValueError:
    pass
sys.settrace(None)


def told(frame, event, arg):
    print(frame.f_code.co_name, event, arg.__name__ if event.startswith("c_") else arg)


print("--- profile")
sys.setprofile(told)
plain(1)
len([1])
try:
    [].pop()
except IndexError:
    pass
sys.setprofile(None)
print(sys.gettrace(), sys.getprofile())


def skip(frame, event, arg):
    if event == "line" and frame.f_lineno == steps.__code__.co_firstlineno + 2:
        frame.f_lineno += 2
    return skip


def steps(out):
    out.append(1)
    out.append(2)
    out.append(3)
    out.append(4)


out = []
sys.settrace(skip)
steps(out)
sys.settrace(None)
print(out)


def gives_up(frame, event, arg):
    raise RuntimeError("no more")


sys.settrace(gives_up)
try:
    steps(out)
except RuntimeError as error:
    print(error, sys.gettrace())


def toggles():
    for _ in range(3):
        sys.settrace(show)
        steps([])
        sys.settrace(None)
        steps([])


toggles()
