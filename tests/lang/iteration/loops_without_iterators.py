"""Loops over what needs no iterator of its own: enumerate, zip, reversed, views and sets, and what changes under them."""


def pairs():
    for i, x in enumerate("ab"):
        print(i, x, end=" ")
    for i, x in enumerate([10, 20], 5):
        print(i, x, end=" ")
    for i, x in enumerate((1, 2), -1):
        print(i, x, end=" ")
    for pair in enumerate([7]):
        print(pair, end=" ")
    for i, x in enumerate([1, 2], 1 << 60):
        print(i, x, end=" ")
    for i, x in enumerate([1, 2], (1 << 61) - 2):
        print(i, x, end=" ")
    for i, x in enumerate([1, 2], 1 << 70):
        print(i, x, end=" ")
    for (i, (a, b)) in enumerate([(1, 2), (3, 4)]):
        print(i, a, b, end=" ")
    print()
    for a, b in zip([1, 2, 3], (4, 5)):
        print(a, b, end=" ")
    for a, b in zip((1, 2), [4, 5, 6]):
        print(a, b, end=" ")
    for pair in zip([1], [2]):
        print(pair, end=" ")
    for a, b in zip([1, 2], "ab"):
        print(a, b, end=" ")
    for a, b in zip([1, 2], [3, 4], strict=True):
        print(a, b, end=" ")
    try:
        for a, b in zip([1, 2], [3], strict=True):
            print(a, b, end=" ")
    except ValueError as error:
        print(error, end=" ")
    for a, b in zip([], [1]):
        print("never")
    print()


def views():
    table = {"a": 1, "b": 2}
    for k, v in table.items():
        print(k, v, end=" ")
    for item in table.items():
        print(item, end=" ")
    for v in table.values():
        print(v, end=" ")
    for k in table.keys():
        print(k, end=" ")
    view = table.items()
    for k, v in view:
        print(k, v, end=" ")
    print(view)
    del table["a"]
    table["c"] = 3
    print(list(view), [v for v in table.values()], {k: v for k, v in table.items()})
    for how in ("keys", "values", "items", "copy"):
        table = {"b": 2, "c": 3}
        try:
            for step, item in enumerate(getattr(table, how)() if how != "copy" else table):
                table[step] = step
        except RuntimeError as error:
            print(how, item, error)
        table = {"b": 2, "c": 3}
        try:
            for item in getattr(table, how)() if how != "copy" else table:
                table[item] = 3
        except RuntimeError as error:
            print(how, item, error)
    for how in ("keys", "values", "items"):
        table = {"b": 2, "c": 3}
        try:
            for item in getattr(table, how)():
                del table["c"]
                table["d"] = 4
                del table["d"]
                table["c"] = 3
        except RuntimeError as error:
            print(how, item, error)


class Mine(dict):
    def items(self):
        return [("mine", 1)]


def subclasses():
    mine = Mine(a=1)
    for k, v in mine.items():
        print(k, v, end=" ")
    for k, v in dict.items(mine):
        print(k, v, end=" ")

    class Counting(list):
        def __iter__(self):
            print("asked", end=" ")
            return super().__iter__()

    for i, x in enumerate(Counting("ab")):
        print(i, x, end=" ")
    for a, b in zip(Counting("a"), Counting("b")):
        print(a, b, end=" ")
    for x in reversed(Counting("ab")):
        print(x, end=" ")

    class Backwards(list):
        def __reversed__(self):
            return iter("other")

    for x in reversed(Backwards("ab")):
        print(x, end=" ")

    class Numbered(enumerate):
        def __next__(self):
            number, item = super().__next__()
            return item, number

    for a, b in Numbered("xy"):
        print(a, b, end=" ")
    print()


def changing():
    items = [1, 2, 3]
    for i, x in enumerate(items):
        if i < 3:
            items.append(x * 10)
    print(i, items)
    items = [1, 2, 3, 4, 5]
    for x in reversed(items):
        print(x, end=" ")
        del items[-2:]
    print(items)
    items = [1, 2, 3]
    for x in reversed(items):
        items.append(x)
    print(items)
    left, right = [1, 2, 3], [4, 5, 6]
    for a, b in zip(left, right):
        print(a, b, end=" ")
        right.pop()
    print(left, right)
    some = {1, 2, 3}
    try:
        for x in some:
            some.add(x + 10)
    except RuntimeError as error:
        print(error)
    some = {1, 2, 3}
    try:
        for x in some:
            some.discard(x)
    except RuntimeError as error:
        print(error)
    for x in some:
        break
    print(sorted(x for x in some), sorted(x for x in frozenset("ab")))


def shared():
    numbered = enumerate("abcd")
    for i, x in numbered:
        if i == 1:
            break
    print(list(numbered))
    numbered = enumerate([1, 2, 3, 4])
    for i, x in numbered:
        print(next(numbered), end=" ")
    zipped = zip([1, 2, 3, 4], [5, 6, 7, 8])
    for a, b in zipped:
        print(a, b, next(zipped), end=" ")
    one = iter([1, 2, 3, 4, 5])
    for a, b in zip(one, one):
        print(a, b, end=" ")
    print(list(one))
    one, other = iter([1, 2, 3]), iter([4, 5, 6])
    next(other)
    for a, b in zip(one, other):
        print(a, b, end=" ")
    print(list(one), list(other))
    back = reversed([1, 2, 3])
    next(back)
    for x in back:
        print(x, end=" ")
    print(list(back))
    print([x for x in iter({5})], list(x for x in enumerate([1])), sum(a * b for a, b in zip([1, 2], (3, 4))))
    print(max(x for x in reversed([3, 1])), [x for x in enumerate(iter([1, 2]))])


class Loud:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("~" + self.name, end=" ")


def lifetimes():
    for i, x in enumerate([Loud("a"), Loud("b")]):
        print(i, end=" ")
    print("after", end=" ")
    del x
    print()
    for x, y in zip([Loud("c"), Loud("d")], (Loud("e"), Loud("f"), Loud("g"))):
        print(x.name, y.name, end=" ")
    print("after", end=" ")
    del x, y
    print()
    for x in reversed([Loud("h"), Loud("i")]):
        break
    print("broken", end=" ")
    del x
    print()
    for k, v in {"k": Loud("j")}.items():
        v = None
        print("within", end=" ")
    print("after")

    def yielding():
        for i, x in enumerate([Loud("k"), Loud("l")]):
            yield i
    generator = yielding()
    print(next(generator), end=" ")
    generator.close()
    print("closed")


def endings():
    for first, second in [(1, 2), (2, 1), (2, 2)]:
        for x, y in zip([Loud(f"a{i}") for i in range(first)], tuple(Loud(f"b{i}") for i in range(second))):
            print("body", end=" ")
        print("after", end=" ")
        del x, y
        print()
    for x, y in zip([Loud("c")], [Loud("d")]):
        break
    print("broken", end=" ")
    del x, y
    print()
    for x in {Loud("e")}:
        print("set", end=" ")
    del x
    for x in {"k": Loud("f")}.values():
        x = None
    print()


def nested():
    table = {1: [2, 3], 4: [5]}
    return [(i, k, x) for i, (k, v) in enumerate(table.items()) for x in v for _ in zip(v, v)]


pairs()
views()
subclasses()
changing()
shared()
lifetimes()
endings()
print(nested())
