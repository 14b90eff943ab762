# modes: auto, off
"""Sorting strs by how they begin, tuples by their items, and what splitting, listing and building texts give."""

import random

rand = random.Random(5)


def check(words):
    found = sorted(words)
    for a, b in zip(found, found[1:]):
        assert [ord(c) for c in a] <= [ord(c) for c in b], (a, b)
    assert sorted(words, reverse=True) == found[::-1]
    keyed = sorted(range(len(words)), key=words.__getitem__)
    assert [words[i] for i in keyed] == found
    for i, j in zip(keyed, keyed[1:]):
        assert words[i] < words[j] or words[i] == words[j] and i < j
    back = sorted(range(len(words)), key=words.__getitem__, reverse=True)
    for i, j in zip(back, back[1:]):
        assert words[i] > words[j] or words[i] == words[j] and i < j


alphabets = ["ab", "a\0b", "a\0", "aé\xff", "aéł", "a\U0001f40d\uffff", "abcdefgh"]
for alphabet in alphabets:
    for size in (0, 1, 2, 8, 9, 23, 24, 25, 26, 100, 300):
        check(["".join(rand.choices(alphabet, k=rand.randrange(12))) for _ in range(size)])
check(["12345678", "1234567", "123456789", "12345678\0", "1234567\0", "12345678", ""])
print(sorted(["b", "a\0", "a", "", "a\0\0", "ab"]))


class Text(str):
    def __lt__(self, other):
        return str.__gt__(self, other)


print(sorted([Text("a"), Text("c"), Text("b")]), sorted(["a", Text("c"), "b"]))
try:
    sorted(["a", "b", 1])
except TypeError as error:
    print(error)
try:
    sorted(["a"] * 30 + [None])
except TypeError as error:
    print(error)
print(sorted(["b", "ł", "a"]), sorted(["b", "ł", Text("a"), "a"]))

rows = [(rand.randrange(3), rand.choice("xyz"), float(rand.randrange(3)), i) for i in range(200)]
assert sorted(rows) == sorted(rows, key=lambda row: row[:])
for a, b in zip(sorted(rows), sorted(rows)[1:]):
    assert a < b and not b < a and a <= b and b > a and b >= a and a != b
nan = float("nan")
print((1, nan) < (1, nan), (nan,) < (nan,), (nan, 1) < (nan, 2), (float("nan"),) < (1.0,), (0.0, 2) < (-0.0, 3))
print((1.0, 2) < (True, 3), ("a", 1) < ("a", True), ("a",) < ("a", 0), ("b",) < ("a", 0), () < ())
print([1, "a", 2.5] < [1, "a", 3], [1, "a"] <= [1, "a"], ["a", [1]] < ["a", [2]], [0.0] == [-0.0])
for left, right in [((1, "a"), (1, 2)), ((1, None), (1, None)), ((1, None), (1, 2)), ([1, None], [1, "a"])]:
    try:
        print(left < right)
    except TypeError as error:
        print(error)


class Odd:
    def __init__(self, n):
        self.n = n

    def __eq__(self, other):
        print("eq", self.n, getattr(other, "n", other))
        return self.n == other.n

    def __lt__(self, other):
        print("lt", self.n, other.n)
        return self.n < other.n


print((1, Odd(1)) < (1, Odd(2)), (1, Odd(2), 3) < (1, Odd(2), 4))
print(sorted([(2, Odd(1)), (1, Odd(2)), (1, Odd(1))])[0][1].n)

changing = [1, 2, 3]


class Clears:
    def __eq__(self, other):
        changing.clear()
        return True


print([1, Clears(), 5] < [1, 2, 3], changing)
changing[:] = [1, Clears(), "x"]
print(changing < [1, 2, "y"], changing)

items = [(i % 3, Odd(i)) for i in range(2)]


class Meddles:
    def __init__(self, into):
        self.into = into

    def __eq__(self, other):
        self.into.append(1)
        return False

    def __lt__(self, other):
        return False


meddled = []
meddled.extend([(1, Meddles(meddled)), (1, Meddles(meddled))])
try:
    meddled.sort()
except ValueError as error:
    print(error, len(meddled))

nested = ()
for _ in range(100_000):
    nested = (nested,)
other = ()
for _ in range(100_000):
    other = (other,)
try:
    sorted([nested, other])
except RecursionError:
    print("too deep")

print(list("abc"), list("aéł\U0001f40d"), list(""))
mixed = ["x"]
mixed.extend("yéł")
mixed += "zz"
print(mixed)
for text in ["", "   ", "a", " a  b ", "a b " * 40, "\u2003x\x85y\xa0z", "é è\tà"]:
    print(len(text.split()), text.split()[:3], text.split(None, 1), text.rsplit(None, 2), text.split(maxsplit=33)[-1:])
print(f"{'x' * 119}{7:3d}"[-5:], len(f"{1.5:200.3f}{'é':>130}{'ł':<9}"), repr("é" * 130)[-3:], ("%s %s" % ("é" * 119, "ł"))[-3:])
