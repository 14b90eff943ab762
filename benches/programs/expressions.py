"""Build, differentiate, simplify and evaluate expression trees: operators of one's own, dispatch by class.

Group: attributes and methods
Counted: 20
"""
import sys


class Node:
    def __add__(self, other):
        return Add(self, wrap(other))

    def __mul__(self, other):
        return Mul(self, wrap(other))

    __radd__ = __add__
    __rmul__ = __mul__


class Number(Node):
    def __init__(self, value):
        self.value = value

    def at(self, x):
        return self.value

    def derived(self):
        return Number(0)

    def simple(self):
        return self

    def __eq__(self, other):
        return isinstance(other, Number) and self.value == other.value

    def __hash__(self):
        return hash(self.value)


class Variable(Node):
    def at(self, x):
        return x

    def derived(self):
        return Number(1)

    def simple(self):
        return self


class Pair(Node):
    def __init__(self, left, right):
        self.left = left
        self.right = right


class Add(Pair):
    def at(self, x):
        return (self.left.at(x) + self.right.at(x)) % 1_000_003

    def derived(self):
        return self.left.derived() + self.right.derived()

    def simple(self):
        left, right = self.left.simple(), self.right.simple()
        if left == ZERO:
            return right
        if right == ZERO:
            return left
        if isinstance(left, Number) and isinstance(right, Number):
            return Number(left.value + right.value)
        return Add(left, right)


class Mul(Pair):
    def at(self, x):
        return self.left.at(x) * self.right.at(x) % 1_000_003

    def derived(self):
        return self.left.derived() * self.right + self.left * self.right.derived()

    def simple(self):
        left, right = self.left.simple(), self.right.simple()
        if left == ZERO or right == ZERO:
            return ZERO
        if left == ONE:
            return right
        if right == ONE:
            return left
        return Mul(left, right)


ZERO, ONE = Number(0), Number(1)


def wrap(value):
    return value if isinstance(value, Node) else Number(value)


def polynomial(x, degree):
    result = wrap(degree)
    for k in range(degree):
        result = result * x + k % 3
    return result


def main(n):
    x = Variable()
    total = 0
    for i in range(n):
        tree = polynomial(x, 4 + i % 9)
        slope = tree.derived().simple()
        bend = slope.derived().simple()
        for point in range(4):
            total += tree.at(point) + slope.at(point) - bend.at(point)
    return total


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 3000))
