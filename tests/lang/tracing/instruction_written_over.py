"""What a trace function changes about the very instruction that it is told of holds for that instruction."""
import sys


def measured(items):
    size = 0
    size = len(items)
    return size


def joined(items):
    text = ""
    text = items.copy()
    return text


def told(function, argument, act):
    """The answer of a call whose third line's trace function has done `act` and called the function itself, untraced."""
    line = function.__code__.co_firstlineno + 2

    def local(frame, event, arg):
        if event == "line" and frame.f_lineno == line:
            act()
            inner.append(function(argument))
        return local

    inner = []
    sys.settrace(lambda frame, event, arg: local if frame.f_code is function.__code__ else None)
    try:
        return function(argument), inner
    finally:
        sys.settrace(None)


class Own(list):
    def copy(self):
        return "own"


for _ in range(100):
    measured("abc")
    joined([1])

print(told(measured, "abc", lambda: globals().update(len=lambda items: "replaced")))
del len
print(measured("abc"))
for _ in range(100):
    measured("abc")
print(told(measured, "abc", lambda: joined(Own())))
print(told(joined, [1, 2], lambda: joined(Own())))
print(told(joined, Own(), lambda: joined([3])))
