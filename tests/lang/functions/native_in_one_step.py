# Native functions and methods called again and again at one place with variables, constants and globals: what is called, what it is called
# with, and what it may change meanwhile are as in any other call.
import builtins
import sys
import traceback


def several(callables, value):
    answers = []
    for f in callables:
        globals()["current"] = f
        answers.append(current(value))
    return answers


print(several([len, len, list, len, lambda x: ("lambda", x), len, str, len], [1, 2]))
print(several([len, len, len, repr, len], "abc"))


# The builtin is replaced, and comes back.
def size(x):
    return len(x)


print([size("ab") for _ in range(5)])
len = lambda x: "mine"
print(size("ab"), size("abc"))
del len
print(size("ab"), size("abc"))
kept = builtins.len
builtins.len = lambda x: "builtins'"
print(size("ab"))
builtins.len = kept
print(size("ab"))


# Methods: other classes at the same place, subclasses with and without methods of their own.
class Counting(list):
    def append(self, item):
        super().append((len(self), item))


class Same(list):
    pass


class Own:
    def append(self, item):
        print("own", item)


def add(target, item):
    for _ in range(3):
        target.append(item)
    return target


for target in [[], [], Counting(), [], Same(), bytearray(), Own(), []]:
    print(type(target).__name__, add(target, 5) is target if isinstance(target, Own) else add(target, 5))


def of_temporaries(n):
    out = []
    for i in range(n):
        out.append([i].count(i))
        out.append("a b".split().__len__())
        out.append({i: 1}.get(i))
    return out


print(of_temporaries(3))


# Errors: what they say, where they are, and that nothing is left over.
def fails(kind, value):
    match kind:
        case 0:
            return len(value)
        case 1:
            return value.append(value)
        case 2:
            return isinstance(value, value)
        case 3:
            return ord(value)
        case 4:
            return value.pop(value)
        case 5:
            return value.pop()


cases = [(0, []), (0, 5), (0, []), (1, []), (1, ()), (2, int), (2, 5), (3, "a"), (3, "ab"), (4, {1: 2}), (5, []), (5, [1])]
for kind, value in cases:
    try:
        print(kind, fails(kind, value) is None)
    except Exception as error:
        lines = "".join(traceback.format_exception(error)).splitlines()
        print(*(line for line in lines if not line.startswith("  File")), sep="\n")


# Whoever is called may exchange the caller's variables and the globals it was called with.
class Meddling:
    def __init__(self, name):
        self.name = name

    def __len__(self):
        sys._getframe(1).f_locals["subject"] = None
        global shared
        shared = None
        return len(self.name)

    def __hash__(self):
        sys._getframe(1).f_locals["subject"] = None
        return hash(self.name)

    def __eq__(self, other):
        sys._getframe(1).f_locals["subject"] = None
        return self.name == other

    def __instancecheck__(self, other):
        sys._getframe(1).f_locals["subject"] = None
        return self.name == "yes"

    def __del__(self):
        print("gone:", self.name)


def measured(times):
    answers = []
    for i in range(times):
        subject = Meddling("x" * i)
        answers.append((len(subject), subject))
    return answers


print(measured(4))


def of_global(times):
    global shared
    for i in range(times):
        shared = Meddling("g" * i)
        print(len(shared), shared)


of_global(3)


def found(times):
    kinds = {"k": "v"}
    for i in range(times):
        subject = Meddling("k")
        print(kinds.get(subject), subject)
        subject = Meddling("yes" if i % 2 else "no")
        print(isinstance(i, subject), subject)


found(3)


# A variable that is not bound.
def unbound(delete):
    items = [1]
    for i in range(3):
        if delete and i == 2:
            del items
        try:
            print(len(items))
        except UnboundLocalError as error:
            print(error)


unbound(False)
unbound(True)


# Who listens is told of every call.
def watched():
    items = []
    items.append(1)
    n = len(items)
    ok = isinstance(n, int)
    return n, ok


for _ in range(3):
    watched()
events = []
sys.setprofile(lambda frame, event, arg: events.append((event, getattr(arg, "__name__", arg))))
watched()
sys.setprofile(None)
print(events)
watched()
lines = []


def tracer(frame, event, arg):
    lines.append((event, frame.f_lineno - frame.f_code.co_firstlineno))
    return tracer


sys.settrace(tracer)
watched()
sys.settrace(None)
print(lines)
print(watched())


# Profiling that begins between such calls.
def begins():
    abs(-1)
    sys.setprofile(note)
    abs(-1)
    abs(-2)
    sys.setprofile(None)


def note(frame, event, arg):
    seen.append((event, getattr(arg, "__name__", arg)))


for _ in range(3):
    seen = []
    begins()
    print(seen)


# Generators that are left between such calls.
def stages(items):
    for item in items:
        got = yield len(items)
        items.append(got)
        if isinstance(got, str):
            yield ord(got)


g = stages([1, 2])
print(next(g), g.send("a"), next(g), g.send(3), g.send("b"))


# Two arguments, and a default.
def looked_up(mapping, key, times):
    return [mapping.get(key, 0) for _ in range(times)], [mapping.setdefault(key, times) for _ in range(2)]


class Keys(dict):
    def get(self, key, default=None):
        return "own", key, default


for mapping in [{}, {"k": 1}, Keys(k=2), {}]:
    print(looked_up(mapping, "k", 3))
print([("a-b-c".split("-", n), "a-b".replace("-", "+"), getattr("x", "y", n)) for n in range(3)])
