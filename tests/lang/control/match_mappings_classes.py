# match: mapping and class patterns.
class Point:
    __match_args__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y


class P3(Point):
    def __init__(self, x, y, z):
        super().__init__(x, y)
        self.z = z


def f(v):
    match v:
        case {"type": "circle", "r": r}:
            return f"circle {r}"
        case {"type": t, **rest} if rest:
            return f"{t} with {rest}"
        case {"type": _}:
            return "typed"
        case {1: x, 2: y}:
            return f"numbers {x} {y}"
        case {"nested": {"deep": [_, d]}}:
            return f"deep {d}"
        case P3(x=0, z=z):
            return f"p3 {z}"
        case Point(0, 0):
            return "origin"
        case Point(x, y=0):
            return f"on x axis {x}"
        case Point(x=xx, y=Point() as inner):
            return f"inner {inner.x} {xx}"
        case Point():
            return "some point"
        case str(s):
            return f"str {s}"
        case int(n) | float(n):
            return f"number {n}"
        case list([a, b]):
            return f"list {a} {b}"
        case dict():
            return "dict"
        case bool():
            return "never: bool is an int"
        case tuple() | set():
            return "tuple or set"
        case _:
            return "?"


for v in ({"type": "circle", "r": 1}, {"type": "square", "a": 2}, {"type": 1}, {1: "a", 2: "b", 3: "c"}, {"nested": {"deep": [1, 2]}}, P3(0, 1, 2), Point(0, 0), Point(5, 0), Point(1, Point(2, 3)), P3(1, 1, 1), "s", 5, 2.5, [1, 2], [1], {}, True, (), {1}, None):
    print(f(v))
class Two:
    __match_args__ = ("a",)
    a = 1


class Bad:
    __match_args__ = ["a"]


for text in ("match 5:\n case int(1, 2): pass", "match Two():\n case Two(1, 2): pass", "match Bad():\n case Bad(1): pass", "match 5:\n case notaclass(): pass", "match Two():\n case Two(1, a=2): pass"):
    try:
        exec(text, {"Two": Two, "Bad": Bad, "notaclass": 5})
        print("fine")
    except Exception as e:
        print(type(e).__name__, e)


class Lazy(dict):
    def __missing__(self, key):
        return "made up"


match Lazy(a=1):
    case {"b": _}:
        print("must not call __missing__")
    case {"a": a}:
        print("a", a)
match {"k": None}:
    case {"k": None}:
        print("none value")
