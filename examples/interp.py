"""An interpreter for Tip, a small language with classes, dictionaries, closures and exceptions.

    taipan examples/interp.py PROGRAM.tp...

A lexer feeds a Pratt parser, which builds a tree with one class per kind of node; every node evaluates itself in an
environment. The programs examples/data/*.tp show the language. Tip in a breath:

    class Stack < Base { fn init(n) { this.items = [n] } fn push(x) { this.items.add(x) } }
    let d = {"a": 1}  fn f(x) { return fn(y) { return x + y } }  for k in d { print(k, d[k]) }
    try { throw "bad" } catch e { print(e) } finally { print("done") }
"""
import sys

KEYWORDS = {"let", "fn", "class", "if", "else", "while", "for", "in", "return", "throw", "try", "catch", "finally",
            "break", "continue", "true", "false", "nil", "and", "or", "not", "this", "super"}
SYMBOLS = ["==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "<", ">", "=", "(", ")", "{", "}", "[", "]", ",", ".", ":"]
POWER = {"or": 1, "and": 2, "==": 4, "!=": 4, "<": 5, "<=": 5, ">": 5, ">=": 5, "in": 5, "+": 6, "-": 6, "*": 7, "/": 7, "%": 7}


class TipError(Exception):
    """An error of the language itself: bad syntax, or an operation that cannot be done."""


class Thrown(Exception):
    def __init__(self, value):
        super().__init__(show(value))
        self.value = value


class Return(Exception):
    def __init__(self, value):
        self.value = value


class Break(Exception):
    pass


class Continue(Exception):
    pass


# --- Lexer: a token is (kind, value, line); kinds are number, string, name, end, and every keyword and symbol itself.

def tokenize(text):
    i, line = 0, 1
    while i < len(text):
        c = text[i]
        if c == "\n":
            line += 1
        if c.isspace():
            i += 1
        elif c == "#":
            while i < len(text) and text[i] != "\n":
                i += 1
        elif c.isdigit():
            start = i
            while i < len(text) and (text[i].isdigit() or text[i] == "." and text[i + 1:i + 2].isdigit()):
                i += 1
            number = text[start:i]
            yield "number", float(number) if "." in number else int(number), line
        elif c == '"':
            end = text.find('"', i + 1)
            if end < 0:
                raise TipError(f"line {line}: string never ends")
            yield "string", text[i + 1:end].replace("\\n", "\n"), line
            i = end + 1
        elif c.isalpha() or c == "_":
            start = i
            while i < len(text) and (text[i].isalnum() or text[i] == "_"):
                i += 1
            word = text[start:i]
            yield word if word in KEYWORDS else "name", word, line
        else:
            for symbol in SYMBOLS:
                if text.startswith(symbol, i):
                    yield symbol, symbol, line
                    i += len(symbol)
                    break
            else:
                raise TipError(f"line {line}: unexpected {c!r}")
    yield "end", None, line


# --- Values and environments.

class Environment:
    def __init__(self, parent=None):
        self.names, self.parent = {}, parent

    def home(self, name, line):
        scope = self
        while scope is not None:
            if name in scope.names:
                return scope.names
            scope = scope.parent
        raise TipError(f"line {line}: unknown name {name}")


class Function:
    def __init__(self, name, parameters, body, scope):
        self.name, self.parameters, self.body, self.scope = name, parameters, body, scope

    def bind(self, this, owner):
        scope = Environment(self.scope)
        scope.names.update({"this": this, "super": owner.base})
        return Function(self.name, self.parameters, self.body, scope)

    def call(self, arguments, line):
        if len(arguments) != len(self.parameters):
            raise TipError(f"line {line}: {self.name} wants {len(self.parameters)} arguments, got {len(arguments)}")
        scope = Environment(self.scope)
        scope.names.update(zip(self.parameters, arguments))
        try:
            self.body.run(scope)
        except Return as done:
            return done.value


class Class:
    def __init__(self, name, base, methods):
        self.name, self.base, self.methods = name, base, methods

    def find(self, name):
        owner = self
        while owner is not None:
            if name in owner.methods:
                return owner.methods[name], owner
            owner = owner.base

    def call(self, arguments, line):
        instance = Instance(self)
        found = self.find("init")
        if found:
            found[0].bind(instance, found[1]).call(arguments, line)
        return instance


class Instance:
    def __init__(self, kind):
        self.kind, self.fields = kind, {}

    def get(self, name, line):
        if name in self.fields:
            return self.fields[name]
        found = self.kind.find(name)
        if not found:
            raise TipError(f"line {line}: {self.kind.name} has no {name}")
        return found[0].bind(self, found[1])


class Builtin:
    def __init__(self, function):
        self.function = function

    def call(self, arguments, line):
        try:
            return self.function(*arguments)
        except (TypeError, ValueError, LookupError) as error:
            raise TipError(f"line {line}: {error}") from error


def show(value, quoted=False):
    match value:
        case None | True | False:
            return {None: "nil", True: "true", False: "false"}[value]
        case str():
            return f'"{value}"' if quoted else value
        case list():
            return "[" + ", ".join(show(x, True) for x in value) + "]"
        case dict():
            return "{" + ", ".join(f"{show(k, True)}: {show(v, True)}" for k, v in value.items()) + "}"
        case Instance():
            return value.get("text", 0).call([], 0) if value.kind.find("text") else f"a {value.kind.name}"
        case Class() | Function():
            return value.name
        case _:
            return str(value)


MEMBERS = {
    list: {"add": list.append, "pop": list.pop, "join": lambda items, gap: gap.join(show(x) for x in items), "sort": list.sort},
    dict: {"keys": lambda d: list(d), "get": dict.get, "remove": dict.pop},
    str: {"split": str.split, "upper": str.upper, "find": str.find},
}


# --- Nodes. Statements have run(scope); expressions have value(scope); targets have assign(scope, value).

class Node:
    fields = ()

    def __init__(self, line, *values):
        self.line = line
        for name, value in zip(self.fields, values, strict=True):
            setattr(self, name, value)

    def fail(self, message):
        raise TipError(f"line {self.line}: {message}")

    def run(self, scope):
        self.value(scope)


class Literal(Node):
    fields = ("constant",)

    def value(self, scope):
        return self.constant


class Name(Node):
    fields = ("name",)

    def value(self, scope):
        return scope.home(self.name, self.line)[self.name]

    def assign(self, scope, value):
        scope.home(self.name, self.line)[self.name] = value


class List(Node):
    fields = ("items",)

    def value(self, scope):
        return [item.value(scope) for item in self.items]


class Dict(Node):
    fields = ("pairs",)

    def value(self, scope):
        return {key.value(scope): value.value(scope) for key, value in self.pairs}


class Item(Node):
    fields = ("container", "key")

    def value(self, scope):
        container, key = self.container.value(scope), self.key.value(scope)
        try:
            return container[key]
        except (LookupError, TypeError):
            self.fail(f"no item {show(key, True)}")

    def assign(self, scope, value):
        self.container.value(scope)[self.key.value(scope)] = value


class Attribute(Node):
    fields = ("owner", "name")

    def value(self, scope):
        if isinstance(self.owner, Name) and self.owner.name == "super":
            found = self.owner.value(scope).find(self.name)
            return found[0].bind(scope.home("this", self.line)["this"], found[1])
        owner = self.owner.value(scope)
        if isinstance(owner, Instance):
            return owner.get(self.name, self.line)
        member = MEMBERS.get(type(owner), {}).get(self.name) or self.fail(f"{show(owner, True)} has no {self.name}")
        return Builtin(lambda *arguments: member(owner, *arguments))

    def assign(self, scope, value):
        owner = self.owner.value(scope)
        if not isinstance(owner, Instance):
            self.fail(f"cannot set {self.name}")
        owner.fields[self.name] = value


class Call(Node):
    fields = ("function", "arguments")

    def value(self, scope):
        function = self.function.value(scope)
        if not isinstance(function, (Function, Class, Builtin)):
            self.fail(f"{show(function, True)} cannot be called")
        return function.call([a.value(scope) for a in self.arguments], self.line)


class Unary(Node):
    fields = ("operator", "operand")

    def value(self, scope):
        value = self.operand.value(scope)
        return not value if self.operator == "not" else -value


OPERATIONS = {
    "+": lambda a, b: show(a) + show(b) if isinstance(a, str) or isinstance(b, str) else a + b,
    "-": lambda a, b: a - b, "*": lambda a, b: a * b, "%": lambda a, b: a % b,
    "/": lambda a, b: a // b if isinstance(a, int) and isinstance(b, int) else a / b,
    "==": lambda a, b: a == b, "!=": lambda a, b: a != b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b, ">=": lambda a, b: a >= b, "in": lambda a, b: a in b,
}


class Binary(Node):
    fields = ("operator", "left", "right")

    def value(self, scope):
        left = self.left.value(scope)
        if self.operator == "and":
            return left and self.right.value(scope)
        if self.operator == "or":
            return left or self.right.value(scope)
        right = self.right.value(scope)
        try:
            return OPERATIONS[self.operator](left, right)
        except (TypeError, ZeroDivisionError) as error:
            raise TipError(f"line {self.line}: {show(left, True)} {self.operator} {show(right, True)}") from error


class FunctionNode(Node):
    fields = ("name", "parameters", "body")

    def value(self, scope):
        return Function(self.name or "fn", self.parameters, self.body, scope)

    def run(self, scope):
        scope.names[self.name] = self.value(scope)


class ClassNode(Node):
    fields = ("name", "base", "methods")

    def run(self, scope):
        base = self.base.value(scope) if self.base else None
        scope.names[self.name] = Class(self.name, base, {m.name: m.value(scope) for m in self.methods})


class Let(Node):
    fields = ("name", "expression")

    def run(self, scope):
        scope.names[self.name] = self.expression.value(scope)


class Assign(Node):
    fields = ("target", "expression")

    def run(self, scope):
        self.target.assign(scope, self.expression.value(scope))


class Block(Node):
    fields = ("statements",)

    def run(self, scope):
        inner = Environment(scope)
        for statement in self.statements:
            statement.run(inner)


class If(Node):
    fields = ("condition", "then", "otherwise")

    def run(self, scope):
        if self.condition.value(scope):
            self.then.run(scope)
        elif self.otherwise:
            self.otherwise.run(scope)


class While(Node):
    fields = ("condition", "body")

    def run(self, scope):
        while self.condition.value(scope):
            try:
                self.body.run(scope)
            except Break:
                break
            except Continue:
                continue


class For(Node):
    fields = ("name", "items", "body")

    def run(self, scope):
        for item in self.items.value(scope):
            inner = Environment(scope)
            inner.names[self.name] = item
            try:
                self.body.run(inner)
            except Break:
                break
            except Continue:
                continue


class Jump(Node):
    fields = ("kind", "expression")

    def run(self, scope):
        value = self.expression.value(scope) if self.expression else None
        match self.kind:
            case "return":
                raise Return(value)
            case "throw":
                raise Thrown(value)
            case "break":
                raise Break
            case "continue":
                raise Continue


class Try(Node):
    fields = ("body", "name", "handler", "final")

    def run(self, scope):
        try:
            self.body.run(scope)
        except (Thrown, TipError) as error:
            if not self.handler:
                raise
            inner = Environment(scope)
            inner.names[self.name] = error.value if isinstance(error, Thrown) else str(error)
            self.handler.run(inner)
        finally:
            if self.final:
                self.final.run(scope)


class Parser:
    def __init__(self, text):
        self.tokens = list(tokenize(text))
        self.at = 0

    @property
    def kind(self):
        return self.tokens[self.at][0]

    def take(self, *kinds):
        kind, value, line = self.tokens[self.at]
        if kinds and kind not in kinds:
            raise TipError(f"line {line}: expected {' or '.join(kinds)}, found {kind}")
        self.at += 1
        return value

    def accept(self, kind):
        if self.kind == kind:
            self.at += 1
            return True
        return False

    def several(self, close, element):
        found = []
        while not self.accept(close):
            if found:
                self.take(",")
            found.append(element())
        return found

    def program(self):
        statements = []
        while self.kind != "end":
            statements.append(self.statement())
        return statements

    def block(self):
        line = self.tokens[self.at][2]
        self.take("{")
        statements = []
        while not self.accept("}"):
            statements.append(self.statement())
        return Block(line, statements)

    def statement(self):
        kind, _, line = self.tokens[self.at]
        handler = getattr(self, f"{kind}_statement", None) if kind in KEYWORDS else None
        if kind in ("return", "throw", "break", "continue"):
            self.take()
            has_value = kind == "throw" or kind == "return" and self.kind != "}"
            return Jump(line, kind, self.expression() if has_value else None)
        if handler and not (kind == "fn" and self.tokens[self.at + 1][0] == "("):
            self.take()
            return handler(line)
        target = self.expression()
        if self.accept("="):
            return Assign(line, target, self.expression())
        return target

    def let_statement(self, line):
        name = self.take("name")
        self.take("=")
        return Let(line, name, self.expression())

    def fn_statement(self, line):
        return self.function(line, self.take("name"))

    def function(self, line, name=None):
        self.take("(")
        return FunctionNode(line, name, self.several(")", lambda: self.take("name")), self.block())

    def class_statement(self, line):
        name = self.take("name")
        base = Name(line, self.take("name")) if self.accept("<") else None
        self.take("{")
        methods = []
        while not self.accept("}"):
            self.take("fn")
            methods.append(self.fn_statement(line))
        return ClassNode(line, name, base, methods)

    def if_statement(self, line):
        condition, then, otherwise = self.expression(), self.block(), None
        if self.accept("else"):
            otherwise = self.if_statement(line) if self.accept("if") else self.block()
        return If(line, condition, then, otherwise)

    def while_statement(self, line):
        return While(line, self.expression(), self.block())

    def for_statement(self, line):
        name = self.take("name")
        self.take("in")
        return For(line, name, self.expression(), self.block())

    def try_statement(self, line):
        body, name, handler, final = self.block(), None, None, None
        if self.accept("catch"):
            name, handler = self.take("name"), self.block()
        if self.accept("finally"):
            final = self.block()
        return Try(line, body, name, handler, final)

    def expression(self, power=0):
        left = self.prefix()
        while POWER.get(self.kind, 0) > power:
            line = self.tokens[self.at][2]
            operator = self.take()
            left = Binary(line, operator, left, self.expression(POWER[operator]))
        return left

    def prefix(self):
        kind, value, line = self.tokens[self.at]
        self.at += 1
        match kind:
            case "number" | "string":
                node = Literal(line, value)
            case "true" | "false" | "nil":
                node = Literal(line, {"true": True, "false": False, "nil": None}[kind])
            case "name" | "this" | "super":
                node = Name(line, value)
            case "-" | "not":
                return Unary(line, kind, self.expression(3 if kind == "not" else 8))
            case "(":
                node = self.expression()
                self.take(")")
            case "[":
                node = List(line, self.several("]", self.expression))
            case "{":
                node = Dict(line, self.several("}", lambda: (self.expression(), self.take(":") and self.expression())))
            case "fn":
                node = self.function(line)
            case _:
                raise TipError(f"line {line}: unexpected {kind}")
        return self.suffixes(node)

    def suffixes(self, node):
        while self.kind in ("(", "[", "."):
            kind, _, line = self.tokens[self.at]
            if kind == "[" and line != self.tokens[self.at - 1][2]:
                break
            self.at += 1
            if kind == "(":
                node = Call(line, node, self.several(")", self.expression))
            elif kind == "[":
                node = Item(line, node, self.expression())
                self.take("]")
            else:
                node = Attribute(line, node, self.take("name"))
        return node


def run(text):
    scope = Environment()
    scope.names.update({"print": Builtin(lambda *values: print(*map(show, values))), "len": Builtin(len), "range": Builtin(lambda *n: list(range(*n))),
                        "text": Builtin(show), "number": Builtin(int)})
    for statement in Parser(text).program():
        statement.run(scope)


def main():
    for path in sys.argv[1:]:
        print(f"--- {path}")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        try:
            run(text)
        except (TipError, Thrown) as error:
            print(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
