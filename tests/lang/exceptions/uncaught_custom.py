# A custom exception class, with module-qualified names for nested classes, and empty messages.
class Outer:
    class Inner(Exception):
        def __str__(self):
            return "custom text"


def f():
    try:
        raise KeyError
    except KeyError:
        raise Outer.Inner("ignored")


f()
