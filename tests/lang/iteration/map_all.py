"""What takes all items of a `map`: functions of every kind, ends and failures on the way."""


def stops(n):
    if n == 3:
        raise StopIteration("three")
    return n


def fails(n):
    if n == 3:
        raise LookupError(n)
    return n


for take in (list, tuple, sum, set, sorted, max, any, all, dict.fromkeys, lambda m: [*m], lambda m: list(reversed(list(m)))):
    for make in (lambda: map(stops, range(6)), lambda: map(fails, [1, 2, 3, 4]), lambda: map(str.isdigit, "a1b22"),
                 lambda: map(len, ["a", "bb", ""]), lambda: map(int, "123"), lambda: map(divmod, (7, 8), (2, 3)),
                 lambda: map(map, [], []), lambda: map(stops, iter([5, 3, 1]))):
        try:
            print(take(make()), end=" ")
        except (LookupError, TypeError, ValueError) as error:
            print(type(error).__name__, error, end=" ")
    print()

m = map(stops, [1, 3, 4, 5])
print(list(m), list(m), next(m, "end"))
m = map(fails, [1, 3, 4, 5])
try:
    list(m)
except LookupError:
    print("rest", list(m))
print(sum(map(bool, [1, 0, 2])), sum(map(str.isdigit, "1a2"), 2**61), sum([True, 2**61, 2**61, False, True]), sum([True, 0.5, True]))
print(sum([True]), type(sum([True])), sum([False]), sum([], True), sum(map(float, "12")), sum([1, True, [2]][:2]))


class Sub(map):
    def __next__(self):
        return super().__next__() * 10


print(list(Sub(int, "12")), sum(Sub(int, "12")), "".join(map(str, map(int, "12"))), 3 in map(int, "123"))
grown = [1]
print(list(map(lambda n: grown.append(n + 1) if n < 5 else None, grown)), grown)
target = [0]
target.extend(map(lambda n: len(target) + n, [1, 2, 3]))
print(target)
inner = map(int, "123456")
print(list(map(lambda n: (n, next(inner, None)), inner)))
