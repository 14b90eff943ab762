"""Special methods that operators enter: answers, refusals, errors, nesting, and what tracebacks show."""
import sys
import traceback


class Num:
    def __init__(self, n):
        self.n = n

    def __repr__(self):
        return f"Num({self.n})"

    def __add__(self, other):
        return Num(self.n + other.n) if isinstance(other, Num) else NotImplemented

    def __radd__(self, other):
        return ("radd", other, self.n)

    def __iadd__(self, other):
        if other is None:
            return NotImplemented
        self.n += 100
        return self

    def __sub__(self, other):
        return NotImplemented

    def __isub__(self, other):
        return NotImplemented

    def __eq__(self, other):
        return self.n == other.n if isinstance(other, Num) else NotImplemented

    def __lt__(self, other):
        return self.n < other.n if isinstance(other, Num) else NotImplemented

    def __le__(self, other):
        return [self.n]

    def __hash__(self):
        return self.n

    def __bool__(self):
        return self.n != 0

    def __neg__(self):
        return Num(-self.n)

    def __invert__(self):
        return "inverted"

    def __pos__(self):
        return None

    def __getitem__(self, key):
        if key == 5:
            raise IndexError(key)
        return (self.n, key)

    def __setitem__(self, key, value):
        print("set", key, value)

    def __contains__(self, item):
        return item if item == [] else str(item)

    def __call__(self, *args, **kwargs):
        return (self.n, args, kwargs)

    def __matmul__(self, other):
        return "matmul"


class Sub(Num):
    def __radd__(self, other):
        return "sub first"

    def __gt__(self, other):
        return "sub gt"


def tried(f, *args):
    try:
        return f(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


a, b = Num(1), Num(2)
print(a + b, tried(lambda: a + 1), tried(lambda: 1 + a), a + Sub(9), Sub(9) + a)
print(tried(lambda: a - b), tried(lambda: a - 1), tried(lambda: 1 - a))
c = Num(3)
c += 1
print(c)


def add_none():
    c = Num(4)
    c += None
    return c


def take():
    c = Num(4)
    c -= 1


print(tried(add_none), tried(take))
print(a == b, a == Num(1), a != b, a == 1, 1 == a, a < b, tried(lambda: a < 1), b > a, a < Sub(3), a <= b)
print([x for x in (a, Num(0), b) if x], not a, not Num(0), a and b, Num(0) and b, a or b, Num(0) or b)
if a < b and a != b and not a == b:
    print("branches")
if a == 1:
    print("never")
elif a <= b:
    print("true list")
while not a == b:
    a = Num(a.n + 1)
print(a, -a, ~a, +a, a[3], a["x"], a[-1], tried(lambda: a[5]), a @ b, a[1:2])
a[0] = 1
a["k"] = 2
print([] in a, 5 in a, [] not in a, 7 not in a)
if 5 in a:
    print("found")
if [] not in a:
    print("not found")
print(a(), a(1), a(1, 2, x=3), a(*(4, 5), **{"y": 6}))


class Truth:
    def __init__(self, answer):
        self.answer = answer

    def __bool__(self):
        return self.answer


class Sized:
    def __init__(self, answer):
        self.answer = answer

    def __len__(self):
        return self.answer


for wrong in (Truth(1), Truth(None), Sized(-1), Sized("x")):
    print(tried(lambda: 1 if wrong else 2), tried(lambda: not wrong), tried(lambda: wrong or 3))
print(bool(Sized(0)), bool(Sized(3)))


class Steps:
    def __init__(self, n, last=StopIteration):
        self.n = n
        self.last = last

    def __iter__(self):
        return self

    def __next__(self):
        if self.n == 0:
            raise self.last
        self.n -= 1
        return self.n


for i in Steps(3):
    print(i, end=" ")
else:
    print("else")
for i in Steps(1, StopIteration("with a value")):
    print(i)


def loop(last):
    for i in Steps(2, last):
        pass
    return "done"


print(tried(loop, ValueError("from next")), tried(loop, StopIteration), list(Steps(4)), [*Steps(2)], sum(Steps(5)))


class Tree:
    def __init__(self, *kids):
        self.kids = kids

    def __iter__(self):
        yield self
        for kid in self.kids:
            yield from kid

    def __aiter__(self):
        return 5


print(len([node for node in Tree(Tree(), Tree(Tree(), Tree()))]), sum(1 for _ in Tree(Tree())))


class NoIterator:
    def __iter__(self):
        return 5


class Plain:
    def __iter__(self):
        return iter((7, 8))


def over(x):
    for i in x:
        pass


def delegating(x):
    yield from x


print(tried(over, NoIterator()), tried(lambda: list(delegating(NoIterator()))), list(delegating(Plain())))
x, y = Plain()
print(x, y)


class Deep:
    def __init__(self, n):
        self.n = n

    def __add__(self, other):
        return 0 if self.n == 0 else 1 + (Deep(self.n - 1) + other)

    def __lt__(self, other):
        return Deep(0) < other

    def __iter__(self):
        for i in Deep(0):
            pass


print(Deep(200) + 1)
for f in (lambda: Deep(1) < 2, lambda: over(Deep(1)) or list(Deep(1))):
    try:
        f()
    except RecursionError as error:
        print("RecursionError", error)


class Failing:
    def __add__(self, other):
        raise KeyError(other)

    def __eq__(self, other):
        return self + other

    def __bool__(self):
        return sys._getframe(1).f_code.co_name == "asks"

    def __enter__(self):
        return self

    def __exit__(self, *details):
        print("exit", [d if isinstance(d, type) else type(d).__name__ for d in details])
        return details[0] is KeyError


def asks():
    return 1 if Failing() else 2


print(asks())
try:
    if Failing() == 3:
        print("never")
except KeyError:
    print("".join(line.split(", in ")[-1] for line in traceback.format_exc().splitlines() if ", in " in line))
with Failing() as failing:
    failing + 1
try:
    with Failing():
        raise ValueError(1)
except ValueError:
    print("passed on")


class Init:
    def __init__(self):
        yield 1


print(tried(Init))


class Scaled(int):
    def __mul__(self, other):
        return "scaled"

    def __gt__(self, other):
        return "greater"


print(Scaled(2) * 3, 3 * Scaled(2), Scaled(2) + 1, 1 < Scaled(2), Scaled(2) > 1, Scaled(2) * Scaled(3))


class Silent:
    pass


class Answering:
    def __eq__(self, other):
        return NotImplemented if other is None else "reflected eq"

    def __gt__(self, other):
        return "reflected gt"

    def __le__(self, other):
        return NotImplemented


silent, answering = Silent(), Answering()
print(silent == answering, silent != answering, silent < answering, answering == None, answering == answering)
print(tried(lambda: silent >= answering), tried(lambda: silent > answering), silent == silent, silent == 1)
if silent == answering and silent < answering:
    print("both reflected")
print([isinstance(x, c) for x in (silent, 1) for c in (Silent, Answering, int)])
