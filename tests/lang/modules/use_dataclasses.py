# Data classes.
from dataclasses import FrozenInstanceError, asdict, astuple, dataclass, field, fields, replace


@dataclass
class Point:
    x: int
    y: int = 0
    tags: list = field(default_factory=list, compare=False, repr=False)

    def norm(self):
        return (self.x**2 + self.y**2) ** 0.5


p = Point(3, 4)
print(p, p == Point(3, 4, ["t"]), p != Point(1), p.norm(), Point(1).tags is Point(1).tags, asdict(p), astuple(p), replace(p, x=0), [f.name for f in fields(p)])
try:
    Point()
except TypeError as e:
    print(e)
try:
    hash(p)
except TypeError as e:
    print(e)


@dataclass(order=True, frozen=True, slots=True)
class Version:
    major: int
    minor: int = 0


a, b = Version(1, 2), Version(1, 10)
print(a < b, sorted([b, a]), hash(a) == hash(Version(1, 2)), max(a, b))
try:
    a.major = 5
except FrozenInstanceError as e:
    print(e)


@dataclass(kw_only=True)
class Sub(Point):
    name: str = "sub"
    total: int = field(init=False)

    def __post_init__(self):
        self.total = self.x + self.y


print(Sub(1, 2, name="n"), Sub(1).total)
try:
    @dataclass
    class Bad:
        items: list = []
except ValueError as e:
    print(e)
match p:
    case Point(x, y):
        print("matched", x, y)
print(Point.__match_args__, Point.__annotations__, repr(Point(1, 2)))
