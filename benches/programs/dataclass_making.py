"""Make data classes and named tuples at run time: what the decorators cost.

Group: data classes
Counted: 4
"""
import collections
import dataclasses
import sys
import typing


def make(i):
    @dataclasses.dataclass
    class Plain:
        a: int
        b: str = "b"
        c: float = 1.5

    @dataclasses.dataclass(frozen=True, order=True, slots=True)
    class Strict:
        x: int
        y: int = i

    @dataclasses.dataclass
    class Derived(Plain):
        d: list = dataclasses.field(default_factory=list)

    class Typed(typing.NamedTuple):
        left: int
        right: int = 3

    made = dataclasses.make_dataclass("Made", ["p", ("q", int, 2)])
    row = collections.namedtuple("Row", ["k", "v"])
    total = Plain(i).a + Strict(1).y + len(Derived(i, "x").d) + Typed(i).right + made(i).q + row(1, i).v
    return total + len(dataclasses.fields(Derived))


def main(n):
    return sum(make(i) for i in range(n))


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 500))
