# Functions that return an argument, a constant or an attribute of an argument: as any others.
import sys


class Node:
    kind = "node"

    def __init__(self, value):
        self.value = value

    def me(self):
        return self

    def it(self, x):
        return x

    def none(self):
        pass

    def text(self):
        "A text."
        return "text"

    def pair(self, a, b):
        return (1, 2.5, "three")

    def get(self):
        return self.value

    def of(self, other):
        return other.value

    def shared(self):
        return self.kind

    def missing(self):
        return self.absent

    def computed(self):
        return self.double

    @property
    def double(self):
        return self.value * 2

    @staticmethod
    def plain(a, b):
        return b

    @classmethod
    def cls(cls):
        return cls

    @classmethod
    def named(cls):
        return cls.kind


class Slotted:
    __slots__ = ("value",)
    kind = "slotted"

    def __init__(self, value):
        self.value = value

    get, of, me, shared = Node.get, Node.of, Node.me, Node.shared


class Hooked:
    def __getattr__(self, name):
        return f"<{name}>"

    get, shared = Node.get, Node.shared


def one(x):
    return x


def name_of(x):
    return x.value


for i in range(5):
    node, slotted, hooked = Node(i), Slotted([i]), Hooked()
    print(node.me() is node, node.it(i), node.none(), node.text(), node.pair(1, [2]), node.get(), node.of(slotted), node.shared(), node.computed(), node.plain(1, 2),
          node.cls() is Node, Node.named(), Node.get(node), one(i), name_of(slotted), slotted.get(), slotted.of(node), slotted.me() is slotted, slotted.shared(), hooked.get(), hooked.shared())
    try:
        node.missing()
    except AttributeError as error:
        traceback = error.__traceback__.tb_next
        print(error, traceback.tb_frame.f_code.co_name, traceback.tb_lineno - Node.missing.__code__.co_firstlineno)

# Many classes in one place.
things = [Node(1), Slotted(2), Hooked(), Node("x"), Slotted(None)] * 4
print([thing.get() for thing in things])
print([thing.shared() for thing in things])

# Arguments that do not fit.
for call in (lambda: one(), lambda: one(1, 2), lambda: Node(1).get(1), lambda: Node.get(), lambda: Node.get(3), lambda: one(*[1, 2]), lambda: one(y=1)):
    try:
        print(call())
    except (TypeError, AttributeError) as error:
        print(type(error).__name__, error)
print(one(x=3), one(*[4]), one(**{"x": 5}))


def default(x=7):
    return x


def keyword(*, x=8):
    return x


def rest(*x):
    return x


def cell(x):
    return lambda: x


for i in range(3):
    print(default(), default(1), keyword(), keyword(x=2), rest(), rest(1), cell(i)())


# What dies on the way.
class Dies:
    def __init__(self, name):
        self.name = name
        self.value = self

    def __del__(self):
        frame = sys._getframe(1)
        print("gone", self.name, frame.f_code.co_name, frame.f_lineno - frame.f_code.co_firstlineno)

    def const(self):
        return 5

    def label(self):
        return self.name


def alone(name):
    dies = Dies(name)
    dies.value = None
    return dies


def const(x, y):
    return 5


def first(x, y):
    return x


def dying():
    print(alone("a").const())
    print(alone("b").label())
    print(const(alone("c"), alone("d")))
    kept = first(alone("e"), alone("f"))
    kept = first(1, kept)
    kept = None
    first(alone("g"), 1)
    print("end")


dying()
dying()
print((lambda x: x)(3), (lambda: "c")(), [(lambda x, y: y)(i, i + 1) for i in range(3)])

# The result goes where something stood.
held = alone("h")
held = one(4)
value = one(one(one([1])))
print(held, value, sys.getrefcount(value) == sys.getrefcount([1]) + 1)

# Attributes that come and go.
node = Node(1)
for i in range(6):
    print(node.get(), end=" ")
    if i == 1:
        Node.value = property(lambda self: "property")
    elif i == 2:
        del Node.value
    elif i == 3:
        node.__dict__["value"] = "dict"
    elif i == 4:
        del node.value
        Node.value = "class"
print()
del Node.value
try:
    node.get()
except AttributeError as error:
    print(error)

# The function changes.
for i in range(6):
    print(one(i), end=" ")
    if i == 2:
        one.__code__ = (lambda x: "other").__code__
    elif i == 3:
        one.__code__ = (lambda x: x + 1).__code__
    elif i == 4:
        one.__code__ = (lambda y: y).__code__
print()


# Who listens sees the frames.
events = []


def tracer(frame, event, arg):
    if frame.f_code.co_name in ("me", "get"):
        events.append((frame.f_code.co_name, event, arg if event == "return" and isinstance(arg, int) else None))
    return tracer


def listened():
    node = Node(7)
    node.get()
    sys.settrace(tracer)
    node.get(), node.me()
    sys.settrace(None)
    node.get()
    sys.setprofile(tracer)
    node.get()
    sys.setprofile(None)


listened()
print(events)


# As deep as frames go.
def deep(n):
    try:
        return deep(n + 1)
    except RecursionError:
        try:
            return one(n), "fits"
        except RecursionError:
            return n, "does not"


def deepest():
    depth = 0
    try:
        def go():
            nonlocal depth
            depth += 1
            return go()
        go()
    except RecursionError as error:
        return str(error)


print(type(deep(0)[0]), deepest())
