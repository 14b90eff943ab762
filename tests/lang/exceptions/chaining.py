# __cause__, __context__, suppression.
def show(e, depth=0):
    if e is None:
        return
    print("  " * depth + repr(e), "cause", repr(e.__cause__), "context", repr(e.__context__), "suppress", e.__suppress_context__)
    show(e.__cause__ or e.__context__, depth + 1)


def attempt(f):
    try:
        f()
    except Exception as e:
        show(e)


def implicit():
    try:
        1 / 0
    except ZeroDivisionError:
        {}["missing"]


def explicit():
    try:
        1 / 0
    except ZeroDivisionError as e:
        raise ValueError("wrapped") from e


def suppressed():
    try:
        1 / 0
    except ZeroDivisionError:
        raise ValueError("alone") from None


def in_finally():
    try:
        1 / 0
    finally:
        raise KeyError("from finally")


def three():
    try:
        try:
            raise ValueError(1)
        except ValueError:
            raise KeyError(2)
    except KeyError:
        raise IndexError(3)


def same():
    try:
        raise ValueError("same")
    except ValueError as e:
        raise e


def class_cause():
    raise ValueError from KeyError


def after():
    try:
        raise ValueError("handled")
    except ValueError:
        pass
    raise KeyError("no context")


def loop():
    e = None
    for i in range(3):
        try:
            raise ValueError(i) from e
        except ValueError as error:
            e = error
    raise e


for f in (implicit, explicit, suppressed, in_finally, three, same, class_cause, after, loop):
    print(f.__name__)
    attempt(f)
e = ValueError("x")
e.__cause__ = KeyError("set by hand")
print(e.__suppress_context__, repr(e.__cause__))
for bad in (5, "x"):
    try:
        e.__cause__ = bad
    except TypeError as error:
        print(error)
