"""Enumerations: members by name and value, iteration, comparison, flags, matching; and their creation.

Group: classes
Counted: 800
"""
import enum
import sys


class Color(enum.Enum):
    RED = 1
    GREEN = 2
    BLUE = 3

    @property
    def warm(self):
        return self is Color.RED


class Level(enum.IntEnum):
    LOW = 1
    MIDDLE = 5
    HIGH = 9


class Access(enum.Flag):
    READ = enum.auto()
    WRITE = enum.auto()
    RUN = enum.auto()


def weigh(color):
    match color:
        case Color.RED:
            return 1
        case Color.GREEN:
            return 2
        case _:
            return 3


def main(n):
    total = 0
    order = list(Color)
    counts = dict.fromkeys(Color, 0)
    for i in range(n):
        color = Color(i % 3 + 1)
        counts[color] += 1
        total += weigh(color) + color.value + len(color.name)
        total += order.index(color) + color.warm
        total += Color["BLUE"].value + (Level.HIGH > i % 10) + Level.MIDDLE
        mode = Access.READ | (Access.WRITE if i & 1 else Access.RUN)
        total += bool(mode & Access.WRITE) + mode.value + (Access.READ in mode)
        if i % 200 == 0:
            made = enum.Enum("Made", "A B C D")
            total += made.D.value + len(made) + sum(member.value for member in made)
    return total + sum(color.value * count for color, count in counts.items())


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 250_000))
