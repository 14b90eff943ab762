# add_note, sys.exception, sys.exc_info, re-raising, exception state in nested handlers and generators.
import sys

e = ValueError("v")
e.add_note("first note")
e.add_note("second")
print(e.__notes__)
try:
    e.add_note(5)
except TypeError as error:
    print(error)
print(sys.exception(), sys.exc_info())
try:
    raise ValueError("outer")
except ValueError:
    print(repr(sys.exception()))
    try:
        raise KeyError("inner")
    except KeyError:
        print(repr(sys.exception()), sys.exc_info()[0].__name__)
    print(repr(sys.exception()))
print(sys.exception())


def helper():
    return repr(sys.exception())


def gen():
    print("in gen", helper())
    try:
        raise TypeError("in gen")
    except TypeError:
        yield helper()
    yield helper()


g = gen()
try:
    raise ValueError("around")
except ValueError:
    print(next(g))
    print(helper())
print(next(g), helper())


def reraise():
    try:
        raise ValueError("again")
    except ValueError:
        try:
            pass
        finally:
            raise


try:
    reraise()
except ValueError as e:
    tb, lines = e.__traceback__, []
    while tb:
        lines.append((tb.tb_frame.f_code.co_name, tb.tb_lineno))
        tb = tb.tb_next
    print(lines)


def leave_by_return():
    try:
        raise ValueError
    except ValueError:
        return helper()


print(leave_by_return(), helper())
for i in range(2):
    try:
        raise IndexError(i)
    except IndexError:
        continue
print(helper())
try:
    raise
except RuntimeError as e:
    print(e)
try:
    raise ValueError("x").with_traceback(None)
except ValueError as e:
    print(e.__traceback__ is not None, e.__traceback__.tb_lineno)


class Lazy(Exception):
    def __init__(self):
        raise KeyError("while creating")


try:
    raise Lazy
except KeyError as e:
    print(repr(e))
try:
    raise type("NotAnException", (), {})
except TypeError as e:
    print(e)
