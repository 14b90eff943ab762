# A recursive-descent calculator with variables, functions and errors.
class CalcError(Exception):
    pass


def tokens(text):
    i = 0
    while i < len(text):
        c = text[i]
        if c.isspace():
            i += 1
        elif c.isdigit() or c == ".":
            j = i
            while j < len(text) and (text[j].isdigit() or text[j] == "."):
                j += 1
            yield float(text[i:j]) if "." in text[i:j] else int(text[i:j])
            i = j
        elif c.isalpha():
            j = i
            while j < len(text) and text[j].isalnum():
                j += 1
            yield text[i:j]
            i = j
        elif text[i:i + 2] in ("**", "//", "==", "<=", ">="):
            yield text[i:i + 2]
            i += 2
        elif c in "+-*/%()=,<>":
            yield c
            i += 1
        else:
            raise CalcError(f"bad character {c!r}")


class Calc:
    functions = {"max": max, "min": min, "abs": abs, "pow": pow, "round": round}

    def __init__(self):
        self.names = {}

    def run(self, text):
        self.items = [*tokens(text), None]
        self.at = 0
        if isinstance(self.items[0], str) and self.items[0].isalpha() and self.items[1] == "=":
            name = self.items[0]
            self.at = 2
            self.names[name] = value = self.compare()
        else:
            value = self.compare()
        if self.items[self.at] is not None:
            raise CalcError(f"unexpected {self.items[self.at]!r}")
        return value

    def accept(self, *symbols):
        item = self.items[self.at]
        if isinstance(item, str) and item in symbols:
            self.at += 1
            return item

    def compare(self):
        left = self.sum()
        while op := self.accept("<", ">", "==", "<=", ">="):
            right = self.sum()
            left = {"<": left < right, ">": left > right, "==": left == right, "<=": left <= right, ">=": left >= right}[op]
        return left

    def sum(self):
        left = self.product()
        while op := self.accept("+", "-"):
            right = self.product()
            left = left + right if op == "+" else left - right
        return left

    def product(self):
        left = self.unary()
        while op := self.accept("*", "/", "//", "%"):
            right = self.unary()
            try:
                left = left * right if op == "*" else left / right if op == "/" else left // right if op == "//" else left % right
            except ZeroDivisionError:
                raise CalcError("division by zero") from None
        return left

    def unary(self):
        return -self.unary() if self.accept("-") else self.power()

    def power(self):
        base = self.atom()
        return base ** self.unary() if self.accept("**") else base

    def atom(self):
        item = self.items[self.at]
        self.at += 1
        match item:
            case int() | float():
                return item
            case "(":
                value = self.compare()
                if not self.accept(")"):
                    raise CalcError("missing )")
                return value
            case str(name) if name.isalnum():
                if self.accept("("):
                    arguments = []
                    while not self.accept(")"):
                        arguments.append(self.compare())
                        if not self.accept(",") and self.items[self.at] != ")":
                            raise CalcError("missing ) after arguments")
                    if name not in self.functions:
                        raise CalcError(f"no function {name}")
                    return self.functions[name](*arguments)
                if name not in self.names:
                    raise CalcError(f"no variable {name}")
                return self.names[name]
            case None:
                raise CalcError("unexpected end")
            case _:
                raise CalcError(f"unexpected {item!r}")


calc = Calc()
for line in ("1 + 2 * 3", "(1 + 2) * 3", "-2 ** 2", "2 ** -1", "2 ** 3 ** 2", "7 // 2 - 7 % 3", "x = 10", "x * x + 1", "y = x / 4", "max(x, y, 3) + min(1, 2)", "1 < 2", "x == 10", "2 ** 100", "10 / 4", "round(3.7)",
             "1 +", "(1", "1 2", "z", "f(1)", "1 / 0", "3 $ 4", "max(1", ")", "", "1.5 + .5", "abs(-3) * -(2 - 5)"):
    try:
        print(f"{line!r:30} {calc.run(line)!r}")
    except CalcError as e:
        print(f"{line!r:30} error: {e}")
print(calc.names)
