# match: sequence patterns.
def seq(x):
    match x:
        case []:
            return "empty"
        case [a]:
            return f"one {a}"
        case [1, 2]:
            return "one two"
        case (a, [b, *c]):
            return f"nested {a} {b} {c}"
        case [first, *_, last] if first == last:
            return f"same ends {first}"
        case ["cmd", *args]:
            return f"command {args}"
        case [*start, "end"]:
            return f"ends {start}"
        case [_, _, third, *rest]:
            return f"third {third} {rest}"
        case [_, _]:
            return "pair"
        case _:
            return "no sequence"


for x in ([], (), [5], (5,), [1, 2], (1, 2), [1, [2]], (1, (2, 3, 4)), [7, 0, 7], ["cmd"], ["cmd", 1, 2], [1, 2, "end"], [1, 2, 3, 4], [3, 4], "ab", b"ab", bytearray(b"x"), {1, 2}, {1: 2}, range(3), iter([1]), 5, None):
    print(repr(x) if not hasattr(x, "__next__") else "iterator", "->", seq(x))


class Seq(list):
    pass


print(seq(Seq([1, 2])))
match [1, 2, 3]:
    case [1, *rest]:
        print(rest)
match (1, (2, (3, None))):
    case (a, (b, (c, d))):
        print(a, b, c, d)
match [[1, 2], [3, 4]]:
    case [[a, b], [c, d]]:
        print(a, b, c, d)
match 1, 2:
    case 1, x:
        print("open sequence", x)
match [1, 2], "x":
    case [[*a], b]:
        print(a, b)


def partial(x):
    a = b = "unset"
    match x:
        case [a, b, 99]:
            return "99", a, b
        case _:
            return "default", a, b


print(partial([1, 2, 99])[0], partial([1, 2, 3])[0])
