# Recursion: mutual, deep within the limit, through closures and methods.
def fact(n):
    return 1 if n <= 1 else n * fact(n - 1)


def even(n):
    return True if n == 0 else odd(n - 1)


def odd(n):
    return False if n == 0 else even(n - 1)


def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)


def ackermann(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


def hanoi(n, a, b, c, moves):
    if n:
        hanoi(n - 1, a, c, b, moves)
        moves.append((a, c))
        hanoi(n - 1, b, a, c, moves)


def permutations(items):
    if not items:
        yield []
    for i, x in enumerate(items):
        for rest in permutations(items[:i] + items[i + 1:]):
            yield [x] + rest


def queens(n, rows=()):
    if len(rows) == n:
        return 1
    return sum(queens(n, rows + (c,)) for c in range(n) if all(c != r and abs(c - r) != len(rows) - i for i, r in enumerate(rows)))


def flatten(x):
    return [y for item in x for y in flatten(item)] if isinstance(x, list) else [x]


print(fact(20), fact(50), even(100), odd(101), depth(900), ackermann(2, 3))
moves = []
hanoi(5, "A", "B", "C", moves)
print(len(moves), moves[:3], ["".join(p) for p in permutations(list("abc"))], queens(6), flatten([1, [2, [3, [4]], 5]]))


class Tree:
    def __init__(self, value, *children):
        self.value, self.children = value, children

    def total(self):
        return self.value + sum(c.total() for c in self.children)

    def walk(self):
        yield self.value
        for c in self.children:
            yield from c.walk()


t = Tree(1, Tree(2, Tree(3)), Tree(4))
print(t.total(), list(t.walk()))
y = lambda f: (lambda x: x(x))(lambda x: f(lambda *a: x(x)(*a)))
print(y(lambda self: lambda n: 1 if n < 2 else n * self(n - 1))(10))
