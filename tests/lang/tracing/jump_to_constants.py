# Setting `f_lineno` into and out of loops that hold constants.
import sys


def run(f, jumps):
    first = f.__code__.co_firstlineno

    def trace(frame, event, arg):
        if frame.f_code is not f.__code__:
            return None
        if event == "line":
            line = frame.f_lineno - first
            print(line, end=" ")
            if line in jumps:
                try:
                    frame.f_lineno = first + jumps.pop(line)
                except ValueError as error:
                    print(error, end=" ")
        return trace

    sys.settrace(trace)
    try:
        result = f()
    finally:
        sys.settrace(None)
    print("->", result)


def into_while():
    total = 0.0
    n = 0
    n += 7
    while n < 70000:
        total += 2.5 * 2
        n += 40000
        if total == 7.25:
            total -= 0.25
    return total, n


def around_for():
    total = 1.0
    for n in range(2):
        total = total * 1.5 + 0.125
        total += 3.5
    total = total + 1
    return total


def display(x=5):
    a = 1
    b = [2,
         x]
    return a, b


run(display, {1: 3})
run(into_while, {})
run(into_while, {3: 6})
run(into_while, {3: 7})
run(into_while, {5: 2})
run(into_while, {6: 9})
run(around_for, {})
run(around_for, {4: 5})
run(around_for, {3: 1})
run(around_for, {5: 3})
run(around_for, {1: 3})
