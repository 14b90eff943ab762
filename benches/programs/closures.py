"""Make and call closures; read and rebind free variables.

Group: calls
Counted: 20000
"""
import sys


def counter(step):
    value = 0

    def advance():
        nonlocal value
        value += step
        return value

    return advance


def compose(f, g):
    return lambda x: f(g(x))


def main(n):
    total = 0
    one, two = counter(1), counter(2)
    both = compose(lambda x: x + 1, lambda x: x * 2)
    for i in range(n):
        total += one() + two()
        total += both(i & 15)
        if not i & 7:
            total += counter(i)()
    return total


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000_000))
