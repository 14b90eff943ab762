"""The module's docstring."""
# Docstrings of everything.


def f():
    """Function doc."""


def g():
    "single" " quoted"


def h():
    f"not a docstring"


class C:
    """Class doc.

    With indentation.
      And more.
    """

    def m(self):
        """Method doc."""

    @property
    def p(self):
        """Property doc."""

    attribute = 5
    "not attached"


print(__doc__, f.__doc__, g.__doc__, h.__doc__, repr(C.__doc__), C.m.__doc__, C().m.__doc__, C.p.__doc__, sep="\n")
f.__doc__ = "changed"
print(f.__doc__, (lambda: 0).__doc__, len(int.__doc__) > 10, len.__doc__ is not None)
class D(C):
    pass
print(D.__doc__)
