# Running out of recursion is an exception like another, again and again.
import sys

print(sys.getrecursionlimit())


def down(n):
    return down(n + 1)


for i in range(3):
    try:
        down(0)
    except RecursionError as e:
        print(type(e).__name__, e)


def depth():
    try:
        return 1 + depth()
    except RecursionError:
        return 0


print(900 < depth() <= 1000)


class Attr:
    def __getattr__(self, name):
        return getattr(self, name + "x")


try:
    Attr().a
except RecursionError as e:
    print("attributes", type(e).__name__)


class Eq:
    def __eq__(self, other):
        return self == other


try:
    Eq() == Eq()
except RecursionError as e:
    print("comparison", type(e).__name__)


class Repr:
    def __repr__(self):
        return repr(self)


try:
    repr(Repr())
except RecursionError as e:
    print("repr", type(e).__name__)
old = sys.getrecursionlimit()
sys.setrecursionlimit(5000)


def count(n):
    return 0 if n == 0 else 1 + count(n - 1)


print(count(4000))
sys.setrecursionlimit(200)
try:
    count(400)
except RecursionError as e:
    print(e)
sys.setrecursionlimit(old)
for bad in (0, -1, "x"):
    try:
        sys.setrecursionlimit(bad)
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e)
print(count(500))
