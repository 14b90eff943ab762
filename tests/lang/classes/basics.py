# Instances, class attributes, methods, repr, equality, dynamic attributes.
class Point:
    """A point."""
    count = 0

    def __init__(self, x, y=0):
        self.x = x
        self.y = y
        Point.count += 1

    def __repr__(self):
        return f"Point({self.x!r}, {self.y!r})"

    def __eq__(self, other):
        if not isinstance(other, Point):
            return NotImplemented
        return (self.x, self.y) == (other.x, other.y)

    def __hash__(self):
        return hash((self.x, self.y))

    def moved(self, dx, dy):
        return type(self)(self.x + dx, self.y + dy)


p = Point(1, 2)
q = Point(1, y=2)
print(p, q, p == q, p != q, p == 5, p is q, hash(p) == hash(q), Point.count, {p: 1}[q], p.moved(1, 1))
p.z = 5
p.__dict__["w"] = 6
print(p.z, p.w, p.__dict__, vars(q), hasattr(q, "z"), getattr(q, "z", None), Point.__doc__, Point.__name__, Point.__module__)
del p.z
setattr(p, "x", 10)
print(p.x, sorted(vars(p)), p.count, Point.count, type(p) is Point, isinstance(p, Point), issubclass(Point, object))
p.count = 100
print(p.count, Point.count, q.count)
del p.count
print(p.count)
m = p.moved
print(m(1, 1), m.__self__ is p, m.__func__ is Point.moved, Point.moved(p, 0, 5), m == p.moved, m.__name__)
for f in (lambda: p.nope, lambda: Point.nope, lambda: p.__delattr__("nope"), lambda: Point(), lambda: getattr(p, "q"), lambda: p(), lambda: p + 1, lambda: -p, lambda: p[0], lambda: len(p), lambda: iter(p), lambda: p < q, lambda: int(p)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
Point.added = lambda self: self.x * 2
print(p.added(), q.added())


class Empty: pass


e = Empty()
e.f = lambda: "instance function"
print(e.f(), Empty.__bases__, Empty.__mro__ == (Empty, object), type(Empty) is type)
Dynamic = type("Dynamic", (Point,), {"kind": "dyn", "double": lambda self: self.x * 2})
print(Dynamic(4).double(), Dynamic.kind, Dynamic(1, 2), Dynamic.__name__)
e.__class__ = Dynamic
e.x = 21
print(e.double(), type(e).__name__)
p.__dict__ = {"x": 7, "y": 8}
print(p)


class Outer:
    class Inner:
        pass

    def method(self):
        pass


print(Outer.Inner.__qualname__, Outer.method.__qualname__)
