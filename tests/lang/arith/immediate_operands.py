# Operators with small constants on the right, for every kind of left operand.
class Odd(int):
    def __mod__(self, other):
        return ("mod", int(self), other)

    def __and__(self, other):
        return ("and", int(self), other)

    def __imul__(self, other):
        return ("imul", int(self), other)

    __rmul__ = None


big = 1 << 61
values = [0, 1, -1, 7, -7, True, big - 1, -big, big, -big - 1, big * 4 + 3, 2.5, -2.5, 1e300, float("inf"), "ab", [1], Odd(5)]


def attempt(name, function, value):
    try:
        print(name, repr(value)[:24], "->", repr(function(value)))
    except Exception as error:
        print(name, repr(value)[:24], "->", type(error).__name__, error)


for value in values:
    attempt("+ 3", lambda x: x + 3, value)
    attempt("- 3", lambda x: x - 3, value)
    attempt("* 3", lambda x: x * 3, value)
    attempt("* -1", lambda x: x * -1, value)
    attempt("* 0", lambda x: x * 0, value)
    attempt("// 3", lambda x: x // 3, value)
    attempt("// -1", lambda x: x // -1, value)
    attempt("// 0", lambda x: x // 0, value)
    attempt("% 3", lambda x: x % 3, value)
    attempt("% -3", lambda x: x % -3, value)
    attempt("% 0", lambda x: x % 0, value)
    attempt("& 6", lambda x: x & 6, value)
    attempt("& -2", lambda x: x & -2, value)
    attempt(">> 1", lambda x: x >> 1, value)
    attempt(">> 70", lambda x: x >> 70, value)
    attempt(">> -1", lambda x: x >> -1, value)


def in_place(x):
    x *= 4
    return x


for value in values:
    attempt("*= 4", in_place, value if not isinstance(value, list) else list(value))
print([(x // 5, x % 5, x >> 2, x & 3) for x in range(-12, 13, 3)])
for x in (0.5, 0.0, -1.0, 2.0, 1e308, float("nan"), float("inf")):
    for y in (0.5, -0.5, 2.0, -1.0, 1e3, 0.0, float("inf")):
        try:
            print(x, "**", y, "=", x**y)
        except Exception as error:
            print(x, "**", y, "->", type(error).__name__, error)
