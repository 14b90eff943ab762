"""Instances of one class whose attributes came in different orders, seen by the same instructions in turn; attributes deleted again and again."""
import sys


class Point:
    kind = "class"

    def __init__(self, names):
        for name in names:
            setattr(self, name, name.upper())

    def method(self):
        return "method"

    @staticmethod
    def static(x=1):
        return "static", x

    @classmethod
    def made(cls, x=2):
        return cls.__name__, x


def look(point):
    return point.x, point.kind, point.method(), point.static(), point.made()


def store(point, value):
    point.x = value
    point.new = value + "!"
    return sorted(point.__dict__.items()) if len(value) > 3 else (point.x, point.new)


def points():
    return [Point("x"), Point("yx"), Point("xyz"), Point("zyx"), Point("abcdefghx"), Point("xkind"[:1])]


for _ in range(3):
    for point in points() * 2:
        print(*look(point))
for _ in range(3):
    many = points()
    for point in many:
        print(store(point, "n"), end=" ")
    for point in many:
        print(store(point, "m"), end=" ")
    for point in many[:3]:
        print(store(point, "long"))

# The instance hides what its class has, and no longer.
hidden = points()
for round in range(4):
    for index, point in enumerate(hidden):
        if (index + round) % 2:
            point.kind = round
            point.method = lambda: "own"
            point.static = lambda: "own static"
            point.made = lambda: "own made"
        elif "kind" in point.__dict__ if round % 3 == 2 else hasattr(point, "made") and point.made() == "own made":
            del point.kind, point.method, point.static, point.made
        print(look(point)[1:], end=" ")
    print()

# The class changes in between.
made = points()
for change in ("Point.kind = 'changed'", "Point.method = lambda self: 'other'", "Point.x = property(lambda self: 'property')", "del Point.x",
               "Point.__getattr__ = lambda self, name: 'hook ' + name", "del Point.__getattr__", "del Point.kind; Point.kind = 5"):
    exec(change)
    print([look(point) for point in made])


class Hooked:
    def __init__(self, names):
        for name in names:
            setattr(self, name, name)

    def __getattr__(self, name):
        return "no " + name


def ask(h):
    return h.a, h.b


print([ask(Hooked(names)) for names in ("", "a", "b", "ab", "ba", "cab", "", "a", "b")])


class Context:
    def __init__(self, *names):
        self.gen, self.func, self.args, self.kwds = names
        self.doc = "doc"

    def enter(self):
        del self.args, self.kwds, self.func
        return self.gen, self.doc, list(self.__dict__)


for i in range(4):
    context = Context(i, "f", "a", "k")
    print(context.enter(), vars(context))


def deleted(order):
    context = Context(1, 2, 3, 4)
    left = []
    for name in order:
        delattr(context, name)
        left.append(sorted(name for name in ("gen", "func", "args", "kwds", "doc") if hasattr(context, name)))
        try:
            delattr(context, name)
        except AttributeError as error:
            left.append(str(error))
    context.again = 1
    context.func = 2
    return left, context.__dict__


for order in ("gen func args kwds doc", "doc kwds", "args", "func doc gen", "gen func args kwds doc"):
    print(deleted(order.split()))


class Noisy:
    def __init__(self, name, owner=None):
        self.name, self.owner = name, owner

    def __del__(self):
        print("del", self.name, list(vars(self.owner)) if self.owner else "")


class Plain:
    pass


for i in range(3):
    plain = Plain()
    plain.a, plain.b, plain.c = Noisy("a", plain), Noisy("b", plain), Noisy("c")
    del plain.a
    del plain.b
    plain.a = 1
    del plain.c
    print(vars(plain))

# Class methods of builtin types.
events = []


def tell(frame, event, argument):
    if event.startswith("c_"):
        events.append((event, argument.__name__, getattr(argument, "__self__", None)))


class Sub(dict):
    pass


class Bad:
    fromkeys = dict.__dict__["fromkeys"]


def methods():
    return dict.fromkeys("ab"), Sub.fromkeys("a", 1), int.from_bytes(b"\1\2"), bytes.fromhex("0a"), float.fromhex("0x2p0"), Sub.fromkeys.__self__


for _ in range(3):
    print(methods(), type(Sub.fromkeys("a")).__name__)
sys.setprofile(tell)
methods()
methods()
sys.setprofile(None)
print([event for event in events if event[1] != "setprofile"])
for call in (lambda: Bad.fromkeys("a"), lambda: dict.fromkeys(), lambda: dict.fromkeys(1, 2, 3), lambda: int.from_bytes(), lambda: int.from_bytes(bytes=b"\1", byteorder="little"),
             lambda: dict.__dict__["fromkeys"](dict, "a"), lambda: dict.__dict__["fromkeys"](int, "a"), lambda: dict.__dict__["fromkeys"](5), lambda: dict.__dict__["fromkeys"]()):
    for _ in range(2):
        try:
            print(call())
        except TypeError as error:
            print(error)
Sub.fromkeys = classmethod(lambda cls, *args: (cls, args))
print(methods()[1])
del Sub.fromkeys
print(methods()[1])
