# Enumerations.
from enum import Enum, Flag, IntEnum, StrEnum, auto, unique


class Color(Enum):
    RED = 1
    GREEN = 2
    CRIMSON = 1

    def hello(self):
        return f"hello {self.name}"


print(Color.RED, repr(Color.RED), Color(2), Color["RED"], Color.CRIMSON is Color.RED, list(Color), len(Color), Color.RED.value, Color.RED.hello(), Color.RED in Color, isinstance(Color.RED, Color), Color.RED == 1, {Color.RED: 1}[Color.CRIMSON])
for f in (lambda: Color(9), lambda: Color["BLUE"], lambda: setattr(Color, "RED", 5), lambda: Color.RED < Color.GREEN):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)


class N(IntEnum):
    A = auto()
    B = auto()


class Perm(Flag):
    R = 4
    W = 2
    X = 1


class S(StrEnum):
    ONE = auto()
    TWO = "two!"


print(N.A + 1, N.B > N.A, N(2), [10, 20, 30][N.A], Perm.R | Perm.X, Perm.R in (Perm.R | Perm.W), Perm(7), Perm(0), ~Perm.R, S.ONE, S.TWO.upper(), f"{N.A} {S.ONE}")
try:
    @unique
    class D(Enum):
        A = 1
        B = 1
except ValueError as e:
    print(e)
try:
    class E(Color):
        pass
except TypeError as e:
    print(e)
match Color(1):
    case Color.GREEN:
        print("green")
    case Color.RED:
        print("red")
Animal = Enum("Animal", "ANT BEE")
print(list(Animal), Animal.BEE.value, Color.__members__)
