# What called a frame is known after it has returned; the frame of a generator that has not begun can be cleared.
import sys


def inner():
    return sys._getframe()


def outer():
    return inner()


frame = outer()
names = []
while frame is not None:
    names.append(frame.f_code.co_name)
    frame = frame.f_back
print(names)


def fails():
    raise ValueError


def calls():
    fails()


try:
    calls()
except ValueError as error:
    frame = error.__traceback__.tb_next.tb_next.tb_frame
    print(frame.f_code.co_name, frame.f_back.f_code.co_name, frame.f_back.f_back.f_code.co_name)


def generator():
    yield


made = generator()
frame = made.gi_frame
frame.clear()
print(made.gi_frame, list(made))
made = generator()
next(made)
try:
    made.gi_frame.clear()
except RuntimeError as error:
    print(error)


def deep(n):
    return sys._getframe() if n == 0 else deep(n - 1)


frame, count = deep(500), 0
while frame is not None:
    frame, count = frame.f_back, count + 1
print(count)
