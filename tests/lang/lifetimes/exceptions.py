# A caught exception lets go of its frames at the end of the except clause.
class D:
    def __init__(self, name):
        self.name = name
        print("+", name)

    def __del__(self):
        print("-", self.name)

    def __repr__(self):
        return self.name


def fail(x):
    local = D("local")
    raise ValueError(x)


try:
    fail(D("argument"))
except ValueError as e:
    print("handling", e)
print("after except")
try:
    fail(D("kept by args"))
except ValueError:
    print("handling without a name")
print("--")
saved = None
try:
    fail(D("saved"))
except ValueError as e:
    saved = e
print("saved, all alive")
saved.__traceback__ = None
print("traceback dropped")
saved = None
print("--")
try:
    x = D("x before")
    D("temporary").missing
except AttributeError:
    print("no attribute")
print("--")


def cleanup():
    a = D("in frame")
    try:
        raise KeyError
    finally:
        print("finally")


try:
    cleanup()
except KeyError:
    print("caught")
print("--")
try:
    try:
        raise ValueError(D("first"))
    except ValueError:
        raise KeyError(D("second"))
except KeyError as e:
    print("context", e.__context__)
print("--")


def swallow():
    try:
        raise ValueError(D("swallowed"))
    except ValueError as e:
        return "returned"


print(swallow())


class E(Exception):
    def __del__(self):
        print("exception dies")


try:
    raise E
except E:
    print("in handler")
print("after handler")
try:
    raise E
except E as e:
    e = None
    print("name cleared")
print("end")
