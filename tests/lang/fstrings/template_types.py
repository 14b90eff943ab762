# Template and Interpolation as types: constructors, joining, iteration, messages.
from string.templatelib import Interpolation, Template, convert


def t(f):
    try:
        print(repr(f()))
    except Exception as e:
        print(type(e).__name__, e)


print(Template, Interpolation, Interpolation.__match_args__)
t(lambda: Template("a", "b", Interpolation(1), "c", Interpolation(2, "x", "r", ">3")))
t(lambda: Template(1))
t(lambda: Template("a", x=1))
t(lambda: Template())
t(lambda: Interpolation())
t(lambda: Interpolation(1, 2))
t(lambda: Interpolation(1, "x", "q"))
t(lambda: Interpolation(1, "x", 5))
t(lambda: Interpolation(1, "x", "rr"))
t(lambda: Interpolation(1, "x", None, 5))
t(lambda: Interpolation(1, "x", "s", format_spec="a"))
t(lambda: Interpolation(1, expression="x", conversion="s", format_spec="a"))
t(lambda: t"a" + "b")
t(lambda: "b" + t"a")
t(lambda: 1 + t"a")
t(lambda: t"a" + 1)
t(lambda: t"a" + t"b{1}c" + t"d{2!r:>3}")
t(lambda: type(iter(t"a")))
t(lambda: list(t"a{1}{2}b"))
t(lambda: Template[int])
t(lambda: Interpolation[int])
t(lambda: t"a" == t"a")
t(lambda: t"a{1}".values)
t(lambda: t"a{1}".__reduce__()[1])
t(lambda: Interpolation(1, "x").__reduce__())
t(lambda: convert("a", "r"))
t(lambda: type("X", (Template,), {}))
match Interpolation(1, "x", "s", "f"):
    case Interpolation(v, e, c, f):
        print(v, e, c, f)
t(lambda: t"a".x)
t(lambda: t"a" * 2)
