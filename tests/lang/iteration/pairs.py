"""Loops that take pairs apart: zip, enumerate and dict items, ending, failing and changing under the loop."""


class Noisy:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("gone", self.name)


def failing(n):
    for i in range(n):
        yield i
    raise ValueError("source failed")


def main():
    for a, b in zip([1, 2, 3], "abcd"):
        print(a, b)
    print(a, b)
    left = iter([1, 2, 3])
    for a, b in zip(left, [10]):
        print(a, b)
    print("left over", list(left))
    try:
        for a, b in zip([1, 2], [3], strict=True):
            print(a, b)
    except ValueError as error:
        print(error)
    for i, x in enumerate("xyz", 2**61 - 1):
        print(i, x)
    for i, x in enumerate(["p", "q"], start=-1):
        print(i, x)
    for k, v in {"one": 1, "two": 2}.items():
        print(k, v)
    for k, v in reversed({"one": 1, "two": 2}.items()):
        print(k, v)
    d = {1: 1}
    try:
        for k, v in d.items():
            d[k + 1] = v
    except RuntimeError as error:
        print(error)
    try:
        for i, x in enumerate(failing(2)):
            print(i, x)
    except ValueError as error:
        print(error, i, x)
    try:
        for a, b in zip([1], [2], [3]):
            print(a, b)
    except ValueError as error:
        print(error)
    try:
        for a, b, c in zip([1], [2]):
            print(a, b)
    except ValueError as error:
        print(error)
    for i, thing in enumerate(map(Noisy, ["first", "second"])):
        print("have", i, thing.name)
    del thing
    for i, (a, b) in enumerate(zip("ab", "cd")):
        print(i, a, b)
    for a, *b in zip("ab", "cd"):
        print(a, b)
    print([x * y for x, y in zip(range(4), range(1, 5))], {k: v for k, v in enumerate("ab")})
    print(sum(x for x, _ in zip(range(5), range(3))))


class Pairs(zip):
    def __next__(self):
        return ("own", super().__next__())


for a, b in Pairs([1], [2]):
    print(a, b)
main()
print(list(range(0)), list(range(5, -5, -3)), list(range(2**61 - 2, 2**61 + 1)), [*range(3), *range(2)])
print(max([3, 7, 5]), min("hello"), max([1, 2.5]), max(["b", "abc"]), min([(2, "b"), (2, "a")]))
