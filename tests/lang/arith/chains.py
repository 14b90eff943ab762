"""Arithmetic whose results feed the next operation at once: floats, ints, mixtures, what overflows, and what raises in the middle."""
import sys
from fractions import Fraction

INF, NAN = float("inf"), float("nan")
NUMBERS = [0.0, -0.0, 1.5, -2.25, 3, -4, 0, True, 1e308, 5e-324, 1e-300, INF, -INF, NAN, 2**53 + 1, 2**60, 2**61, -(2**70)]


def sums(a, b, c):
    return a + b + c, a + (b + c), a - b - c, a - (b - c), a + b - c, a - (b + c)


def products(a, b, c):
    return a * b * c, a * (b * c), a * b + c, c + a * b, a * b - c, c - a * b


def with_constants(a, b, c):
    return (2.0 * a * b + c, (a - 0.5) * b, 1.0 - a * b, a * b * 4.0 + 1.5, (a + b) * 2, (a - b) + 3, a * b - 1, 0.5 + a * c - 2.5)


def squares(a, b, c):
    return a * a + b * b + c * c, a * a - b * b, (a + b) * (a - b), a * b * a * b, (a * a) * (b * b)


def quotients(a, b, c):
    return a / b / c, a / (b / c), a * b / c, a / b * c, a / (b * c), (a + b) / c, (a - b) / (a + c)


def tried(function, *arguments):
    try:
        return function(*arguments)
    except (ArithmeticError, TypeError) as error:
        return type(error).__name__, str(error)


def text(result):
    return " ".join(map(repr, result))


digest = 0
for function in (sums, products, with_constants, squares, quotients):
    for a in NUMBERS:
        for b in NUMBERS:
            for c in NUMBERS:
                line = text(tried(function, a, b, c))
                for letter in line.encode():
                    digest = (digest * 31 + letter) % (2**61 - 1)
    print(function.__name__, digest)

for a, b, c in ((1.5, 2.5, -4.0), (3, 0.25, 7), (2, 3, 4), (1e200, 1e200, 1e-300), (1e308, 10.0, -INF), (0.1, 3, 0.0)):
    for function in (sums, products, with_constants, squares, quotients):
        print(function.__name__, (a, b, c), text(tried(function, a, b, c)))


class Seen:
    """Says what it is asked."""

    def __init__(self, name):
        self.name = name

    def __add__(self, other):
        return Seen(f"({self.name} + {getattr(other, 'name', other)})")

    def __radd__(self, other):
        return Seen(f"({other} + {self.name})")

    def __mul__(self, other):
        return Seen(f"({self.name} * {getattr(other, 'name', other)})")

    def __rmul__(self, other):
        return Seen(f"({other} * {self.name})")

    def __rsub__(self, other):
        return Seen(f"({other} - {self.name})")

    def __truediv__(self, other):
        return NotImplemented


s = Seen("s")
print((1.5 + s * 2.0 * s).name, (2.0 * 3.0 + s).name, (s + 1.0 * 2.0).name, (1.0 * 2.0 - s * 3).name)
for function in (lambda x: 1.0 * 2.0 + x / 2, lambda x: x * 1.5 - x, lambda x: 1.5 * 2.5 / x, lambda x: (0.5 + x) * 2.0):
    try:
        print(function(s).name)
    except TypeError as error:
        print(error)
print(Fraction(1, 3) * 2 + Fraction(1, 6), 0.5 + Fraction(1, 4) * 2, Fraction(1, 4) * 2 + 0.5)
print(["a"] * 2 + ["b"] + ["c"] * 2, "x" * 3 + "y" + "z", (1,) * 2 + (2,))
print(1j * 2.0 + 1.5, 2.0 * 1.5 + 1j)


def where(function):
    """The line and columns at which a chain raises."""
    try:
        function()
    except Exception as error:
        frame = error.__traceback__.tb_next
        code = frame.tb_frame.f_code
        start = code.co_firstlineno
        line, end, column, last = list(code.co_positions())[frame.tb_lasti // 2]
        print(type(error).__name__, error, line - start, end - start, last - column)


x, zero = 1.5, 0.0
where(lambda: (x * 2.5 +
               x / zero) * 2.0)
where(lambda: x * x + x * "a")
where(lambda: x * 2.0 + x *
      None)


def in_loop(n):
    total, step = 0.0, 0.125
    for i in range(n):
        total = total + i * step - step * step
        total -= step * i * 0.5
        total += total * 0.0 + 1
    return total


print(in_loop(1000))


def conditional(flag, a, b):
    return (a * b if flag else a) + b, (a if flag else a - b) * 2.0, (flag and a * b) - b


print(conditional(True, 1.5, 2.5), conditional(False, 1.5, 2.5))


def told(function, *arguments):
    """What a chain gives when each line is told of, and when each instruction is."""
    events = []

    def local(frame, event, arg):
        frame.f_trace_opcodes = opcodes
        events.append(event)
        return local

    for opcodes in (False, True):
        sys.settrace(lambda frame, event, arg: local)
        try:
            result = function(*arguments)
        finally:
            sys.settrace(None)
        print(result, sorted(set(events)))


told(in_loop, 3)
told(squares, 1.5, 2, 0.5)
