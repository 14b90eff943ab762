"""Data classes in use: construction, comparison, order, hashing, repr, replace, asdict, frozen and slotted ones.

Group: data classes
Counted: 300
"""
import dataclasses
import sys


@dataclasses.dataclass(order=True)
class Part:
    name: str
    price: float = 1.0
    count: int = 1
    tags: list = dataclasses.field(default_factory=list, compare=False)

    @property
    def cost(self):
        return self.price * self.count


@dataclasses.dataclass(frozen=True)
class Place:
    row: int
    column: int

    def moved(self, by):
        return Place(self.row + by, self.column)


@dataclasses.dataclass(slots=True)
class Box:
    place: Place
    part: Part
    open: bool = False

    def __post_init__(self):
        self.open = self.place.row % 2 == 0


def main(n):
    total = 0
    seen = {}
    parts = []
    for i in range(n):
        part = Part("p%d" % (i % 100), i / 2, i % 7)
        part.tags.append(i)
        parts.append(part)
        place = Place(i % 50, i % 3).moved(1)
        box = Box(place, part)
        seen[place] = seen.get(place, 0) + 1
        total += box.open + int(part.cost) + (place == Place(1, 1)) + (part == parts[i // 2])
        total += len(repr(place))
        if i % 16 == 0:
            total += len(dataclasses.asdict(box)) + len(dataclasses.astuple(part))
            total += dataclasses.replace(part, count=i).count
    parts.sort()
    return total + len(seen) + len(parts[0].name) + (parts[1] < parts[-1])


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 110_000))
