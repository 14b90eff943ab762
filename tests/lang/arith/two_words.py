# modes: auto, off
"""Ints of 63 to 128 bits: arithmetic, comparisons, hashes and texts at the edges of machine words."""
from fractions import Fraction
import operator
import zlib

EDGES = [0, 1, -1, 7, -13, 2**61 - 1, 2**61, -2**61, -2**61 - 1, 2**62, 2**63 - 1, 2**63, -2**63, -2**63 - 1, 2**64 - 1, 2**64,
         10**20, -10**20, 2**126, 2**127 - 1, -2**127, 2**127, -2**127 - 1, 2**128, 3**100]
OPERATIONS = [operator.add, operator.sub, operator.mul, operator.floordiv, operator.mod, operator.and_, operator.or_, operator.xor,
              divmod, operator.truediv]


def digest(values):
    total = 0
    for value in values:
        number = zlib.crc32(value.encode()) if isinstance(value, str) else hash(value)
        total = (total * 1000003 ^ number) & 0xFFFFFFFFFFFFFFFF
    return total


def table(operation):
    for a in EDGES:
        for b in EDGES:
            try:
                yield operation(a, b)
            except (ZeroDivisionError, OverflowError) as error:
                yield str(error)


def by_loop(op):
    source = f"def apply(a, b):\n    return a {op} b"
    names = {}
    exec(source, names)
    return names["apply"]


for operation in OPERATIONS:
    results = list(table(operation))
    print(operation.__name__, digest(str(x) for x in results), digest(x for x in results if not isinstance(x, str)))
for op in ["+", "-", "*", "//", "%", "&", "|", "^", "<", "<=", "==", "!=", ">", ">=", "/"]:
    results = list(table(by_loop(op)))
    print(op, digest(str(x) for x in results))
for a in EDGES:
    print(a, -a, ~a, +a, abs(a), bool(a), a.bit_length(), a.bit_count(), hash(a), float(a), hex(a), round(a, -3))
for a in EDGES:
    print([a << n for n in (0, 1, 3, 64)], [a >> n for n in (0, 1, 63, 64, 127, 128, 500)])
for count in (-1, -2**70):
    for shift in (operator.lshift, operator.rshift):
        try:
            shift(10**20, count)
        except ValueError as error:
            print(error)

x = 10**20
x += 1
print(x, x - 10**20, type(x - 10**20))
x -= 10**20
print(x == 1, 2**64 - 2**64 == 0, {10**20: "a"}[10**20], 10**20 in {10**20}, hash(10**20) == hash(Fraction(10**20)))


def generator(state):
    """A linear congruential generator of 64 bits, with what is usual around it."""
    mask = (1 << 64) - 1
    for _ in range(1000):
        state = (state * 6364136223846793005 + 1442695040888963407) & mask
        mixed = ((state >> 18) ^ state) >> 27
        yield mixed >> (state >> 59) | mixed << (-(state >> 59) & 31) & 0xFFFFFFFF


print(sum(generator(42)), digest(generator(7)))


class Mine(int):
    def __add__(self, other):
        return "mine"

    def __rsub__(self, other):
        return "theirs"


print(Mine(10**20) + 1, 1 - Mine(10**20), Mine(10**20) * 2, type(Mine(10**20) * 1).__name__, 10**20 + Mine(1), 10**20 - Mine(1))
print(Mine(5) * 10**20, True + 10**20, 10**20 * False, -Mine(10**20), hash(Mine(10**20)) == hash(10**20), Mine(3) == 3, bool(Mine(0)))
