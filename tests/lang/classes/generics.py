# Type parameters, type aliases and deferred annotations.
def first[T](items: list[T]) -> T:
    return items[0]


class Box[T]:
    def __init__(self, value: T):
        self.value = value

    def map[U](self, f) -> "Box[U]":
        return Box(f(self.value))

    def __repr__(self):
        return f"Box({self.value})"


class Pair[A, B: int, *Rest, **P](Box[A]):
    pass


type Numbers = list[int | float]
type Tree[T] = T | list[Tree[T]]
print(first([1, 2]), Box(3).map(str), Box[int](5), first.__type_params__, Box.__type_params__, Pair.__type_params__)
print(Numbers, Numbers.__value__, Tree.__type_params__, Tree.__name__, type(Numbers).__name__)
T, = Box.__type_params__
print(T.__name__, T.__bound__, T.__constraints__, Pair.__type_params__[1].__bound__, type(T).__name__)


def later(x: Undefined, y: Missing.attribute = 5) -> Nothing:
    return y


print(later(1))
try:
    later.__annotations__
except NameError as e:
    print(e)


class Node:
    next: Node
    value: int = 0


print(Node.__annotations__["next"] is Node, Node.__annotations__["value"])
x: int = 5
print(__annotations__ if "__annotations__" in globals() else __annotate__(1))
y: undefined_name
print("not evaluated")


def local():
    z: also_undefined = 1
    return z


print(local())
def default[T = int](x: T = 1): return x
print(default(), default.__type_params__[0].__default__)
print(Box.__orig_bases__[0].__origin__.__name__, Pair[int, int, str, [int]].__class__.__name__)
