"""Sorting by an `__lt__` written in Python that changes, refuses or fails on the way; dicts made of pairs."""


class Key:
    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        return self.n < other.n

    def __repr__(self):
        return f"{type(self).__name__}({self.n})"


def keys(*numbers):
    return [Key(n) for n in numbers]


print(sorted(keys(3, 1, 2)), sorted(keys(3, 1, 2), reverse=True), min(keys(2, 1)), max(keys(1, 2)))
print([k.n for k in sorted(keys(*(i * 37 % 101 for i in range(101))))] == list(range(101)))


class Sub(Key):
    def __lt__(self, other):
        return self.n > other.n


print(sorted([Sub(1), Sub(3), Sub(2)]), sorted([Key(1), Sub(3), Key(2), Sub(5)]))


class Refuses(Key):
    def __lt__(self, other):
        return NotImplemented

    def __gt__(self, other):
        return self.n > other.n


print(sorted([Refuses(2), Refuses(1), Refuses(3)]))


class Both(Key):
    def __lt__(self, other):
        return NotImplemented


for values in ([Both(1), Both(2)], [Key(1), Both(2), Key(0)]):
    try:
        print(sorted(values))
    except TypeError as error:
        print(error)


class Truth(Key):
    def __lt__(self, other):
        return [1] if self.n < other.n else ""


print(sorted([Truth(2), Truth(1), Truth(3)]))


class Fails(Key):
    def __lt__(self, other):
        if other.n == 2:
            raise LookupError(self.n)
        return self.n < other.n


values = [Fails(3), Fails(1), Fails(2), Fails(0)]
try:
    values.sort()
except LookupError as error:
    print("failed", values, error.__traceback__.tb_next.tb_frame.f_code.co_name)


later = []


class Changes(Key):
    count = 0

    def __lt__(self, other):
        Changes.count += 1
        if Changes.count == 2:
            Changes.__lt__ = lambda self, other: later.append(self.n) or self.n < other.n
        return self.n < other.n


print(sorted([Changes(n) for n in (4, 1, 3, 2, 5)]), Changes.count, len(later) > 1)


class Deleted(Key):
    def __lt__(self, other):
        if "__lt__" in Deleted.__dict__:
            del Deleted.__lt__
        return self.n < other.n


print(sorted([Deleted(n) for n in (4, 1, 3, 2, 5)]))


class Turns(Key):
    def __lt__(self, other):
        if self.n == 3:
            self.__class__ = Sub
        return self.n < other.n


print(sorted([Turns(n) for n in (4, 1, 3, 2, 5)]))


class Static(Key):
    __lt__ = staticmethod(lambda other: other.n > 2)


class Descriptor:
    def __get__(self, instance, owner):
        return lambda other: instance.n < other.n


class Described(Key):
    __lt__ = Descriptor()


class Number(int):
    pass


class Less(int):
    def __lt__(self, other):
        return int.__gt__(self, other)


print(sorted([Static(3), Static(1)]), sorted([Described(3), Described(1)]), sorted([Number(3), Number(1)]))
print(sorted([Less(1), Less(3), Less(2)]), sorted([1, Less(3), 2]))

meddled = []


class Meddles(Key):
    def __lt__(self, other):
        meddled.append(self)
        return self.n < other.n


meddled[:] = [Meddles(2), Meddles(1)]
try:
    meddled.sort()
except ValueError as error:
    print(error, meddled)


class Held(Key):
    def __del__(self):
        print("dies", self.n)


def ends():
    values = [Held(2), Held(1)]
    values.sort()
    print(values)


ends()


def generator(self, other):
    yield 1


Both.__lt__ = generator
print(sorted([Both(1), Both(2)]))

print(dict(zip("abc", range(3))), dict([("a", 1), ["b", 2], "cd", ("a", 3)]), dict(((1, 2),)))
for pairs in ([(1, 2), (3,)], [(1, 2, 3)], [(1, 2), 5], [[]], ["abc"], 5, [([], 1)], zip("a"), [("a", 1), None]):
    made = {}
    try:
        made.update(pairs)
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error, getattr(error, "__notes__", None), made)


class Pair(tuple):
    def __iter__(self):
        return iter(("from", "iter"))


class Pairs:
    def __init__(self):
        self.n = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.n += 1
        if self.n > 2:
            raise StopIteration
        return self.n, -self.n


print(dict([Pair((1, 2))]), dict(Pairs()))
growing = [(1, 2)]


class Hash:
    def __hash__(self):
        growing.append(("more", len(growing)))
        return 1


growing.append((Hash(), 3))
print(len(dict(growing)), len(growing))
again = zip("abc", "xyz")
kept = [next(again)]
made = dict(again)
print(kept, made)
