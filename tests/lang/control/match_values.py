# match: literals, values, alternatives, guards, wildcards.
class Color:
    RED = 1
    GREEN = "g"


def value(x):
    match x:
        case 0:
            return "zero"
        case 1.5:
            return "one and a half"
        case -1 | -2:
            return "small negative"
        case "a" | "b" as letter:
            return "letter " + letter
        case None:
            return "none"
        case True:
            return "true"
        case False:
            return "never: False equals 0"
        case b"bytes":
            return "bytes"
        case 3 + 4j | -3j:
            return "complex"
        case int() if x > 100:
            return "big"
        case int(n):
            return f"int {n}"
        case Color.GREEN:
            return "green"
        case str() as s if len(s) > 3:
            return "long " + s
        case _:
            return "other"


for x in (0, 1.5, -1, -2, "a", "b", None, True, False, b"bytes", 3 + 4j, -3j, 101, 50, "g", "long text", "z", [], 0.0, 1, 1.0):
    print(repr(x), value(x))


def falls(x):
    match x:
        case 1:
            pass
    return "fell through"


print(falls(1), falls(2))
match = 5
case = 6
type = "still a name"
print(match, case, type)
match match:
    case case:
        print("captured", case)
match (1, 2):
    case (a, b) if (s := a + b) > 2:
        print("guard", s)
match 5:
    case 1 | 2 | 3 | 4 | 5 as n:
        print(n)
match Color.RED, 2:
    case Color.RED, y:
        print("dotted", y)


class Eq:
    def __eq__(self, other):
        print("compared with", other)
        return other == 2


match Eq():
    case None:
        print("no")
    case 1:
        print("no")
    case 2:
        print("two")
