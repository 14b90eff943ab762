# raise ... from None hides the context, __cause__ may be set by hand, causes may form a loop.
def f():
    try:
        1 / 0
    except ZeroDivisionError:
        raise ValueError("shown alone") from None


try:
    f()
except ValueError as e:
    first = e
second = TypeError("second")
second.__cause__ = first
first.__cause__ = second
raise second
