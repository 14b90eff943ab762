# Abstract base classes and registration.
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, MutableSequence, Sequence, Sized


class Shape(ABC):
    @abstractmethod
    def area(self):
        """The area."""

    @property
    @abstractmethod
    def name(self): ...

    def describe(self):
        return f"{self.name} of {self.area()}"


class Square(Shape):
    name = "square"

    def __init__(self, side):
        self.side = side

    def area(self):
        return self.side**2


class Half(Shape):
    name = "half"


print(Square(3).describe(), isinstance(Square(1), Shape))
for cls in (Shape, Half):
    try:
        cls()
    except TypeError as e:
        print(e)


@Shape.register
class Stranger:
    pass


print(isinstance(Stranger(), Shape), issubclass(Stranger, Shape), Shape in Stranger.__mro__)
print([isinstance(x, Iterable) for x in ([], 5, "s", {}, iter([]))], [isinstance(x, Iterator) for x in ([], iter([]), (i for i in ()))], [isinstance(x, Hashable) for x in ([], 5, (), {})], isinstance([], Sized), isinstance(print, Callable), isinstance({}, Mapping), isinstance((), Sequence), isinstance("s", Sequence), isinstance(set(), Sequence))


class Ducks:
    def __len__(self): return 3
    def __iter__(self): return iter("abc")
    __hash__ = None


print(isinstance(Ducks(), Sized), isinstance(Ducks(), Iterable), isinstance(Ducks(), Hashable))


class Countdown(Sequence):
    def __init__(self, n): self.n = n
    def __len__(self): return self.n

    def __getitem__(self, i):
        if not 0 <= i < self.n:
            raise IndexError(i)
        return self.n - i


c = Countdown(4)
print(list(c), 3 in c, 9 in c, c.index(2), c.count(1), list(reversed(c)), bool(c))


class Upper(Mapping):
    def __init__(self, d): self.d = d
    def __getitem__(self, k): return self.d[k].upper()
    def __iter__(self): return iter(self.d)
    def __len__(self): return len(self.d)


u = Upper({"a": "x", "b": "y"})
print(dict(u), u.get("a"), u.get("z", "none"), list(u.items()), "b" in u, u == {"a": "X", "b": "Y"}, u.keys() & {"a", "q"}, sorted(u.values()))


class L(MutableSequence):
    def __init__(self): self.x = []
    def __getitem__(self, i): return self.x[i]
    def __setitem__(self, i, v): self.x[i] = v
    def __delitem__(self, i): del self.x[i]
    def __len__(self): return len(self.x)
    def insert(self, i, v): self.x.insert(i, v)


l = L()
l.append(1); l.extend([2, 3]); l += [4]; l.reverse(); l.remove(2)
print(l.x, l.pop(), l.x)
