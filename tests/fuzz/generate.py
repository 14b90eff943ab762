"""Random Python programs from a grammar, for comparing two interpreters.

`program(seed)` gives the text of a program that always ends, prints everything it computes, and prints nothing that two right interpreters may
print differently (no addresses, no order of sets of strings, no timing). The same seed gives the same text.
"""

import random

NAMES = ["a", "b", "c", "d", "e"]
INTS = ["0", "1", "2", "-1", "3", "7", "10", "255", "-256", "2**31", "-2**31", "2**62 - 1", "2**62", "-2**62", "2**63", "2**64", "10**20", "-10**30"]
FLOATS = ["0.0", "-0.0", "1.0", "-1.5", "0.1", "1e16", "1e22", "1e-7", "1e300", "float('inf')", "float('nan')", "2.5", "123456789.125"]
TEXTS = ["''", "'a'", "'abc'", "'Grüße'", "'日本'", "'\\U0001f40d'", "'a b  c'", "'12'", "'-3'", "'%s|%d'", "'{}'", "'{0!r:>5}'", "'x\\ny'", "'\\x00'", "'ABCabc'"]
BYTES = ["b''", "b'ab'", "bytes(range(3))", "bytearray(b'xyz')", "b'%d'", "memoryview(b'abcd')"]
BINARY = ["+", "-", "*", "/", "//", "%", "&", "|", "^", "@"]
COMPARISONS = ["==", "!=", "<", "<=", ">", ">=", "is", "is not", "in", "not in"]
AUGMENTED = ["+=", "-=", "*=", "|=", "&=", "^=", "//=", "%="]
FUNCTIONS = [
    "len", "abs", "repr", "str", "bool", "type", "list", "tuple", "sorted", "sum", "min", "max", "any", "all", "iter", "int", "float", "complex", "hash_",
    "reversed", "enumerate", "dict", "set_", "ascii", "ord", "chr", "bin", "hex", "round", "callable", "bytes_", "frozenset_", "next", "divmod1", "slice_",
]
METHODS = [
    "append({0})", "pop()", "pop({0})", "index({0})", "count({0})", "insert(1, {0})", "remove({0})", "reverse()", "sort()", "copy()", "clear()", "extend({0})",
    "get({0})", "get({0}, {1})", "keys()", "values()", "items()", "setdefault({0}, {1})", "update({0})", "popitem()", "upper()", "lower()", "title()",
    "split()", "split({0})", "join({0})", "strip()", "replace('a', 'bb')", "replace({0}, {1})", "find({0})", "startswith({0})", "endswith({0})", "center(9, '*')",
    "zfill(6)", "partition('b')", "rsplit(None, 1)", "splitlines(True)", "encode()", "decode()", "isdigit()", "isidentifier()", "swapcase()", "casefold()",
    "expandtabs(3)", "format({0}, {1})", "bit_length()", "bit_count()", "to_bytes(9, 'big', signed=True)", "is_integer()", "as_integer_ratio()", "hex()",
    "conjugate()", "add({0})", "discard({0})", "union({0})", "intersection({0})", "issubset({0})", "symmetric_difference({0})", "isdisjoint({0})", "translate({{97: 'Z'}})",
    "removeprefix('a')", "split({0}, 1)", "rsplit({0}, {1})", "find({0}, {1})", "count({0}, 1, -1)", "rfind('a', {0})", "startswith({0}, 1)", "strip({0})", "rpartition({0})", "splitlines()", "isalpha()",
    "isspace()", "istitle()", "isprintable()", "encode('ascii', {0})", "decode('utf-8', 'replace')", "insert({0}, {1})", "sort(key={0})", "index({0}, {1})", "fromkeys({0})", "__contains__({0})", "__mul__({0})", "__mod__({0})", "removesuffix('c')", "tobytes()", "tolist()", "rjust(5)", "ljust(5, '.')", "__len__()", "__getitem__({0})", "__add__({0})", "__eq__({0})",
]
SPECS = ["", ":>8", ":<6", ":^9", ":08", ":+", ":,", ":_", ":x", ":#b", ":.3", ":.2f", ":e", ":g", ":%", ":c", ":10.4", ":=+9", "!r", "!s:>7", "!a", ":{a}"]
PERCENTS = ["%s", "%r", "%d", "%5.2f", "%x", "%-6s|", "%+d", "%e", "%c", "%%", "%05d", "%(k)s", "%i %s", "%.3s", "%#o", "%*d"]
PATTERNS = [
    "0", "-1", "'abc'", "None", "True", "1.0", "[]", "[x]", "[x, *rest]", "[x, y]", "(1, x)", "[1 | 2 as x, *_]", "{{}}", "{{'k': x}}", "{{'k': 1, **rest}}", "int()", "int(x)",
    "str() as x", "list([x, y])", "Point(x=x, y=0)", "Point(x, y)", "float() | int() as x", "[[x], *rest]", "Color.RED", "bool(x)", "x if x",
]
ERRORS = ["ValueError", "TypeError", "KeyError", "IndexError", "ZeroDivisionError", "AttributeError", "ArithmeticError", "LookupError", "Exception", "OSError", "StopIteration"]

PRELUDE = '''\
import re, sys, warnings
warnings.simplefilter("ignore")
sys.setrecursionlimit(400)
def show(*values):
    for value in values:
        print(type(value).__name__, text(value), end="; ")
    print()
def text(value, depth=0):
    if depth > 4:
        return "..."
    if isinstance(value, (set, frozenset)):
        return "{" + ", ".join(sorted(text(item, depth + 1) for item in value)) + "}"
    if isinstance(value, (list, tuple)):
        return type(value).__name__ + "(" + ", ".join(text(item, depth + 1) for item in value[:30]) + ")"
    if isinstance(value, dict):
        return "{" + ", ".join(text(k, depth + 1) + ": " + text(v, depth + 1) for k, v in list(value.items())[:30]) + "}"
    if isinstance(value, (int, float, str, bytes, bytearray, complex, type(None), range, slice, type, type(...))):
        shown = re.sub("0x[0-9a-f]{6,}", "0x...", repr(value))
        return shown if len(shown) < 300 else shown[:140] + "..." + str(len(shown))
    if type(value).__name__ in ("Point", "Color"):
        return repr(value)
    return "<" + type(value).__name__ + ">"
def failed(error):
    print("!", type(error).__name__, re.sub("0x[0-9a-f]{6,}", "0x...", str(error)), end="")
    inner = error.__cause__ or error.__context__
    print(" <-", type(inner).__name__ if inner else "none")
def section(code):
    try:
        exec(code, globals())
    except BaseException as error:
        failed(error)
def hash_(x): return isinstance(hash(x), int)
def set_(x): return set(x)
def frozenset_(x): return frozenset(x)
def bytes_(x): return bytes(x) if not isinstance(x, int) or -9 < x < 99 else "no"
def divmod1(x): return divmod(x, 7), divmod(100, x)
def slice_(x): return slice(x), slice(1, x, -1)
class Color:
    RED = 3
class Point:
    __match_args__ = ("x", "y")
    def __init__(self, x=0, y=0): self.x, self.y = x, y
    def __repr__(self): return "Point(%s, %s)" % (text(self.x), text(self.y))
    def __eq__(self, other): return isinstance(other, Point) and (self.x, self.y) == (other.x, other.y)
    __hash__ = None
    def __add__(self, other): return Point(self.x, other) if not isinstance(other, Point) else NotImplemented
    def __radd__(self, other): return Point(other, self.y)
    def __getitem__(self, key): return (self.x, self.y)[key]
    def __len__(self): return 2
    def __bool__(self): return self.x != 0
    def __enter__(self): print("enter"); return self
    def __exit__(self, kind, error, trace): print("exit", kind and kind.__name__); return self.y == 0
class Loud:
    def __init__(self, name): self.name = name; self.kept = None
    def __del__(self): print("del", self.name)
    def __call__(self, *args, **kwargs): return len(args), sorted(kwargs)
    def __iter__(self): yield self.name; yield 1
    def __getattr__(self, name): return name + "?"
class Descriptor:
    def __init__(self, name): self.name = name
    def __get__(self, obj, cls): return (self.name, obj is None)
class DataDescriptor(Descriptor):
    def __set__(self, obj, value): print("set", self.name, text(value))
    def __delete__(self, obj): print("delete", self.name)
    def __set_name__(self, owner, name): print("named", name)
class Pause:
    def __init__(self, value): self.value = value
    def __await__(self): return (yield self.value)
class Source:
    def __init__(self, *items): self.items = list(items)
    def __aiter__(self): return self
    async def __anext__(self):
        if not self.items: raise StopAsyncIteration
        return self.items.pop(0)
    async def __aenter__(self): print("aenter"); return self.items
    async def __aexit__(self, kind, error, trace): print("aexit", kind and kind.__name__); return kind is KeyError
def run(coroutine):
    for step in range(30):
        try: print("paused", text(coroutine.send(step)) if step else text(coroutine.send(None)))
        except StopIteration as stop: return stop.value
    coroutine.close()
def drive(generator, *steps):
    for step in steps:
        try:
            if step == "next": print("next", text(next(generator)))
            elif step == "close": print("close", text(generator.close()))
            elif isinstance(step, type): print("throw", text(generator.throw(step("thrown"))))
            else: print("send", text(generator.send(step)))
        except BaseException as error: failed(error)
def groups(error):
    if isinstance(error, BaseExceptionGroup):
        return type(error).__name__ + "(" + text(error.message) + ": " + ", ".join(groups(e) for e in error.exceptions) + ")"
    return type(error).__name__
a, b, c, d, e = 1, 2.5, "text", [1, 2, 3], {"k": 1}
'''


class Generator:
    """Writes one program. Loops are bounded by literals, and functions are called only after the ones they call are complete."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines = []
        self.level = 0
        self.functions = []     # (name, number of positional parameters, whether it is a generator)
        self.count = 0
        self.in_function = False
        self.in_loop = False

    def pick(self, items):
        return self.random.choice(items)

    def chance(self, percent):
        return self.random.random() * 100 < percent

    def line(self, text):
        self.lines.append("    " * self.level + text)

    # Expressions

    def atom(self):
        kind = self.random.randrange(100)
        if kind < 40:
            return self.pick(NAMES)
        if kind < 58:
            return self.pick(INTS)
        if kind < 66:
            return self.pick(FLOATS)
        if kind < 80:
            return self.pick(TEXTS)
        if kind < 86:
            return self.pick(BYTES)
        return self.pick(["None", "True", "False", "...", "[]", "()", "{}", "range(5)", "Point(1, 2)", "Loud('t')", "1j", "slice(1, 3)", "set()", "range(7, 0, -2)"])

    def expression(self, depth=3):
        if depth <= 0 or self.chance(15):
            return self.atom()
        sub = lambda: self.expression(depth - 1)
        makers = [
            (18, lambda: f"({sub()} {self.pick(BINARY)} {sub()})"),
            (6, lambda: f"({sub()} {self.pick(['<<', '>>', '**'])} {self.pick(['0', '1', '2', '5', '-1', '63'])})"),
            (8, lambda: f"({sub()} {self.pick(COMPARISONS)} {sub()})"),
            (3, lambda: f"({sub()} < {sub()} <= {sub()})"),
            (6, lambda: f"({sub()} {self.pick(['and', 'or'])} {sub()})"),
            (4, lambda: f"({self.pick(['-', '+', '~', 'not '])}{sub()})"),
            (8, lambda: f"[{', '.join(self.item(depth) for _ in range(self.random.randrange(4)))}]"),
            (5, lambda: f"({''.join(self.item(depth) + ', ' for _ in range(1 + self.random.randrange(3)))})"),
            (5, lambda: "{" + ", ".join(f"{sub()}: {sub()}" for _ in range(self.random.randrange(3))) + "}"),
            (2, lambda: "{**" + self.pick(NAMES) + ", " + sub() + ": " + sub() + "}"),
            (3, lambda: "{" + ", ".join(sub() for _ in range(1 + self.random.randrange(3))) + "}"),
            (10, lambda: f"{self.pick(FUNCTIONS)}({sub()})"),
            (12, lambda: f"({sub()}).{self.pick(METHODS).format(sub(), sub())}"),
            (7, lambda: f"({sub()})[{sub()}]"),
            (6, lambda: f"({sub()})[{self.slice_part(depth)}:{self.slice_part(depth)}{self.pick(['', ':', ':2', ':-1', ':' + self.pick(INTS)])}]"),
            (4, lambda: f"({sub()} if {sub()} else {sub()})"),
            (4, lambda: f"(lambda x, *y, z={sub()}: (x, y, z))({self.arguments(depth)})"),
            (6, lambda: self.comprehension(depth)),
            (6, lambda: self.fstring(depth)),
            (4, lambda: f"({self.pick(PERCENTS)!r} % {self.pick([sub(), '(' + sub() + ', ' + sub() + ')', '{' + repr('k') + ': ' + sub() + '}'])})"),
            (3, lambda: f"({self.pick(NAMES)} := {sub()})" if not self.in_function else sub()),
            (2, lambda: f"({sub()}).{self.pick(['real', 'imag', 'x', 'name', 'start', '__class__.__name__', 'missing', '__doc__ is None'])}"),
            (2, lambda: f"isinstance({sub()}, {self.pick(['int', '(str, bytes)', 'int | None', 'list', 'object', '3'])})"),
            (2, lambda: f"list(zip({sub()}, {sub()}))"),
            (2, lambda: f"list(map({self.pick(['str', 'bool', 'lambda v: v + v', 'len'])}, {sub()}))"),
            (2, lambda: f"sorted({sub()}, key={self.pick(['str', 'lambda v: -v', 'repr', 'None'])}, reverse={self.pick(['True', 'False'])})"),
        ]
        if self.functions:
            makers.append((10, lambda: self.call(depth)))
        return self.random.choices([make for _, make in makers], [weight for weight, _ in makers])[0]()

    def item(self, depth):
        return ("*" if self.chance(12) else "") + self.expression(depth - 1)

    def slice_part(self, depth):
        return self.pick(["", "", "1", "-1", "2", "None", self.expression(depth - 2)])

    def arguments(self, depth):
        parts = [self.expression(depth - 1) for _ in range(self.random.randrange(3))]
        if self.chance(15):
            parts.append("*" + self.expression(depth - 2))
        if self.chance(15):
            parts.append(self.pick(["z=", "q=", "x="]) + self.expression(depth - 2))
        if self.chance(8):
            parts.append("**" + self.pick(["e", "{'z': 1}", "{1: 2}", "{}"]))
        return ", ".join(parts)

    def call(self, depth):
        name, parameters, is_generator = self.pick(self.functions)
        wanted = max(0, parameters + self.pick([0, 0, 0, 0, -1, 1]))
        parts = ", ".join([self.expression(depth - 1) for _ in range(wanted)] + ([self.arguments(1)] if self.chance(10) else []))
        return f"list({name}({parts}))" if is_generator else f"{name}({parts})"

    def comprehension(self, depth):
        variable = self.pick(["i", "j", "a"])
        source = self.pick(["range(4)", "d", "c", "e", self.expression(depth - 1)])
        condition = f" if {self.expression(depth - 2)}" if self.chance(40) else ""
        inner = f" for k in {self.pick(['range(2)', variable, 'd'])}" if self.chance(20) else ""
        body = self.pick([variable, f"({variable}, {self.expression(depth - 2)})", f"{variable} {self.pick(BINARY)} {self.atom()}"])
        clause = f"for {variable} in {source}{condition}{inner}"
        return self.pick([f"[{body} {clause}]", f"list({body} {clause})", "{" + f"str({variable}): {body} {clause}" + "}", f"sum(1 {clause})"])

    def fstring(self, depth):
        parts = []
        for _ in range(1 + self.random.randrange(2)):
            value = self.expression(min(depth - 1, 1))
            parts.append(self.pick(["", "t ", "{{"]) + "{" + f"({value})" + self.pick(["", "", "="]) + self.pick(SPECS) + "}")
        return "f\"" + "".join(parts).replace("\\", "\\\\").replace('"', "'").replace("\n", " ") + "\"" if all("'" not in p or True for p in parts) else "''"

    # Statements

    def block(self, depth, most=3):
        self.level += 1
        for _ in range(1 + self.random.randrange(most)):
            self.statement(depth)
        self.level -= 1

    def statement(self, depth):
        makers = [
            (24, self.show), (18, self.assign), (6, self.augment), (4, self.unpack), (3, self.store), (2, self.delete),
        ]
        if depth > 0:
            makers += [
                (7, self.if_), (7, self.for_), (4, self.while_), (7, self.try_), (4, self.with_), (5, self.match_), (1, self.raise_), (1, self.assert_),
            ]
            if self.level < 2:
                makers += [(6, self.function), (4, self.class_), (4, self.features), (4, self.coroutine), (4, self.driven), (3, self.scopes)]
            makers += [(4, self.except_star), (3, self.slice_store)]
        if self.in_loop:
            makers.append((3, lambda *_: self.line(self.pick(["break", "continue"]))))
        if self.in_function:
            makers.append((4, lambda *_: self.line(f"return {self.expression(2)}")))
            makers.append((2, lambda *_: self.line("nonlocal_ = locals().get('p0', 0)")))
        self.random.choices([make for _, make in makers], [weight for weight, _ in makers])[0](depth)

    def show(self, depth):
        self.line(f"show({self.expression(3)})")

    def assign(self, depth):
        self.line(f"{' = '.join(self.random.sample(NAMES, self.pick([1, 1, 1, 2])))} = {self.expression(3)}")

    def augment(self, depth):
        self.line(f"{self.pick(NAMES)} {self.pick(AUGMENTED)} {self.expression(2)}")

    def unpack(self, depth):
        target = self.pick(["a, b", "a, *b", "*a, b", "a, (b, c)", "[a, b, *c]", "a, b, c", "d[0], a", "(a, b), *c"])
        self.line(f"{target} = {self.expression(3)}")

    def store(self, depth):
        target = self.pick(["d[{0}] = {1}", "e[{0}] = {1}", "d[1:2] = {1}", "d[::2] = {1}", "e.setdefault('n', []).append({1})", "a.attr = {1}", "d += [{1}]"])
        self.line(target.format(self.expression(2), self.expression(2)))

    def delete(self, depth):
        self.line(self.pick(["del d[0]", "del d[-2:]", "del e['k']", "del a; a = 0", "del b.x", "del d[5]", "del c, c"]) + ("; c = 'c'" if self.chance(30) else ""))

    def if_(self, depth):
        self.line(f"if {self.expression(2)}:")
        self.block(depth - 1, 2)
        if self.chance(30):
            self.line(f"elif {self.expression(2)}:")
            self.block(depth - 1, 2)
        if self.chance(50):
            self.line("else:")
            self.block(depth - 1, 2)

    def loop_body(self, depth):
        before, self.in_loop = self.in_loop, True
        self.block(depth - 1)
        self.in_loop = before
        if self.chance(20):
            self.line("else:")
            self.block(depth - 1, 1)

    def for_(self, depth):
        source = self.pick(["range(3)", "d[:4]", "enumerate('xy')", "[1, 2.5, 'z']", "list(e)[:4]", "zip(range(2), 'ab')", "reversed([1, 2])", "Loud('it')", "'añ'", "range(5, 0, -2)"])
        self.line(f"for {self.pick(['a', 'b', 'i', 'i, b', 'd[0]', '*a, b'])} in {source}:")
        self.loop_body(depth)

    def while_(self, depth):
        self.count += 1
        fuel = f"fuel{self.count}"
        self.line(f"{fuel} = {self.random.randrange(1, 5)}")
        self.line(f"while {fuel} > 0 and {self.pick(['True', self.expression(2)])}:")
        self.level += 1
        self.line(f"{fuel} -= 1")
        self.level -= 1
        self.loop_body(depth)

    def try_(self, depth):
        self.line("try:")
        self.block(depth - 1)
        handled = self.chance(85)
        if handled:
            caught = self.random.sample(ERRORS, self.pick([1, 1, 2]))
            self.line(f"except {caught[0] if len(caught) == 1 else '(' + ', '.join(caught) + ')'} as error:")
            self.level += 1
            self.line("failed(error)")
            if self.chance(15):
                self.line(self.pick(["raise", "raise ValueError('again') from error", "raise KeyError('other')", "raise TypeError from None"]))
            self.level -= 1
            if self.chance(25):
                self.line("else:")
                self.block(depth - 1, 1)
        if not handled or self.chance(30):
            loop, self.in_loop = self.in_loop, False
            function, self.in_function = self.in_function, False
            self.line("finally:")
            self.block(depth - 1, 1)
            self.in_loop, self.in_function = loop, function

    def with_(self, depth):
        self.line(f"with Point({self.atom()}, {self.pick(['0', '1'])}) as {self.pick(['a', 'p'])}{self.pick(['', ', Point(3, 1)', ', Loud(1)'])}:")
        self.block(depth - 1, 2)

    def match_(self, depth):
        self.line(f"match {self.expression(2)}:")
        self.level += 1
        for _ in range(1 + self.random.randrange(4)):
            pattern = self.pick(PATTERNS).format()
            guard = f" if {self.expression(1)}" if self.chance(20) and " if " not in pattern else ""
            self.line(f"case {pattern}{guard}:")
            self.level += 1
            self.line(f"show({pattern!r})")
            for name in ("x", "y", "rest"):
                if name in pattern and "x=" not in pattern:
                    self.line(f"show({name})")
            self.level -= 1
        if self.chance(60):
            self.line("case _:")
            self.block(0, 1)
        self.level -= 1

    def raise_(self, depth):
        self.line(f"raise {self.pick(ERRORS)}({self.expression(1)})")

    def assert_(self, depth):
        self.line(f"assert {self.expression(2)}, {self.expression(1)}")

    def function(self, depth):
        self.count += 1
        name = f"f{self.count}"
        positional = self.random.randrange(3)
        parameters = [f"p{i}" for i in range(positional)]
        if positional and self.chance(20):
            parameters.insert(1, "/")
        if self.chance(25):
            parameters.append(f"o={self.atom()}")
        if self.chance(20):
            parameters.append("*rest")
            if self.chance(50):
                parameters.append(f"k={self.atom()}")
        if self.chance(15):
            parameters.append("**more")
        is_generator = self.chance(25)
        self.line(f"def {name}({', '.join(parameters)}):")
        saved = self.in_function, self.in_loop
        self.in_function, self.in_loop = True, False
        self.level += 1
        self.line(f"{', '.join(NAMES)} = {', '.join((parameters_value(parameters) + ['0', '1.5', repr('s'), '[4, 5]', '{}'])[:5])}")
        if is_generator:
            self.line("sent = yield 0")
        self.level -= 1
        self.block(depth - 1)
        self.level += 1
        if is_generator:
            self.line(self.pick(["yield a", "yield from d", "yield from (b, c)", "yield (yield a)"]))
        elif self.chance(60):
            self.line(f"return {self.expression(2)}")
        self.level -= 1
        self.in_function, self.in_loop = saved
        self.functions.append((name, positional, is_generator))

    def outside(self, *flags):
        """Sets what stands around a new function's body; the result is what to restore."""
        saved = self.in_function, self.in_loop
        self.in_function, self.in_loop = flags
        return saved

    def except_star(self, depth):
        parts = [f"{self.pick(ERRORS)}({self.atom()})" for _ in range(1 + self.random.randrange(3))]
        if self.chance(40):
            parts.append(f"ExceptionGroup('inner', [{self.pick(ERRORS)}(1), {self.pick(ERRORS)}({self.atom()})])")
        self.line("try:")
        self.line("    try:")
        self.line(f"        raise {self.pick(['ExceptionGroup', 'BaseExceptionGroup'])}('outer', [{', '.join(parts)}])" if self.chance(80) else f"        raise {self.pick(ERRORS)}({self.atom()})")
        for name in self.random.sample(ERRORS, self.pick([1, 2])):
            self.line(f"    except* {name} as group:")
            self.line("        print('part', groups(group))")
            if self.chance(30):
                self.line("        " + self.pick(["raise", "raise ValueError('new')", "raise group", "raise KeyError from group", "show(1 / 0)"]))
        if self.chance(30):
            self.line("    else: print('else')")
        if self.chance(30):
            self.line("    finally: print('finally')")
        self.line("except BaseException as error:")
        self.line("    print('left', groups(error), groups(error.__cause__ or error.__context__))")

    def slice_store(self, depth):
        kind = self.pick(["list(range(7))", "bytearray(b'abcdefg')", "d"])
        part = lambda: self.pick(["", "0", "1", "-2", "3", "9", "None", "-9"])
        place = f"[{part()}:{part()}{self.pick(['', '', ':2', ':-1', ':-2', ':0'])}]"
        self.line(f"s = {kind}")
        value = self.pick(["[]", "[1, 2]", "'xy'", "b'xy'", "s", "s[::-1]", "(7, 8, 9)", "range(3)", "5", "{1: 2}", self.expression(2)])
        self.line(self.pick([f"s{place} = {value}", f"s{place} = {value}", f"del s{place}", f"s{place} += {value}", f"s{place} *= 2"]))
        self.line("show(s)")

    def scopes(self, depth):
        self.count += 1
        name = f"f{self.count}"
        declared = self.pick(["global a", "nonlocal v", "nonlocal v, w", "pass"])
        body = [self.pick(["v = {0}", "v += {0}", "del v", "a = {0}", "show(v)", "w = [v for v in {0}]", "v = (w := {0})", "print(sorted(locals()))", "for v in {0}: pass", "try: v\n        except NameError as error: failed(error)"]).format(self.expression(1)) for _ in range(3)]
        self.line(f"def {name}(v):")
        self.line(f"    w = {self.atom()}")
        self.line("    def inner():")
        for text in [declared, *body]:
            self.line("        " + text.replace("\n", "\n" + "    " * self.level))
        self.line(f"        return {self.pick(['v', 'w', 'lambda: (v, w)', 'locals()'])}")
        self.line("    result = inner()")
        self.line("    show(v, w); return result() if callable(result) else result")
        self.line(f"show({name}({self.atom()}))")

    def coroutine(self, depth):
        self.count += 1
        name = f"f{self.count}"
        saved = self.outside(False, False)
        self.line(f"async def {name}():")
        self.level += 1
        self.line("a, b, c, d, e = 1, 2.5, 'x', [4, 5], {}")
        for _ in range(1 + self.random.randrange(3)):
            self.line(self.pick([
                "show(await Pause({0}))", "async for a in Source({0}, {1}): show(a)", "async with Source({0}) as b, Source(1): show(b); raise KeyError({1})",
                "show([x async for x in Source({0}, {1}) if x])", "show({{str(x): await Pause(x) async for x in Source({0})}})", "await {0}", "async for a in {0}: show(a)",
                "async with {0}: pass", "try: await Pause({0}); raise ValueError({1})\n    except ValueError as error: failed(error)\n    finally: show(await Pause('last'))",
                "async def inner(x): return (x, await Pause(x))\n    show(await inner({0}), await inner({1}))", "async def agen():\n        yield {0}\n        x = yield {1}\n        show(x)\n    async for a in agen(): show(a)",
                "async for a, *b in Source({0}, [1, 2]): show(a, b)\n    else: show('else')", "return {0}",
            ]).format(self.expression(1), self.expression(1)).replace("\n", "\n" + "    " * (self.level - 1)))
        self.level -= 1
        self.outside(*saved)
        self.line(f"show(run({name}()))")

    def driven(self, depth):
        self.count += 1
        name = f"f{self.count}"
        value = lambda: self.expression(1)
        self.line(f"def {name}(inner):")
        self.line("    " + self.pick(["a = 1; b = 2", "kept = Loud('kept')", "a = b = c = d = e = inner"]))
        self.line("    try:")
        for _ in range(1 + self.random.randrange(3)):
            self.line("        " + self.pick([f"x = yield {value()}", f"show((yield {value()}))", "yield from inner", f"yield from {value()}", "x = yield from inner; show(x)", "for x in inner: yield x", f"return {value()}"]))
        self.line(f"    except {self.pick(ERRORS)} as error: failed(error); {self.pick(['yield 7', 'raise', 'return 8', 'pass', 'raise KeyError'])}")
        self.line(f"    finally: print('finally'){self.pick(['', '', '; yield 9', '; raise OSError'])}")
        self.line(f"    {self.pick(['yield 10', 'return 11', 'pass'])}")
        steps = ", ".join(self.pick(["'next'", "'next'", "None", "'close'", self.pick(ERRORS), "GeneratorExit", self.atom()]) for _ in range(4))
        inner = self.pick(["iter([1, 2])", "(i for i in range(2))", f"{name}([5])", "[3]", self.atom()])
        self.line(f"drive({name}({inner}), 'next', {steps})")

    def features(self, depth):
        """A class with a base, descriptors, properties, slots and calls of super."""
        self.count += 1
        name, base = f"C{self.count}", f"B{self.count}"
        self.line(f"class {base}{self.pick(['', '', '(int)', '(dict)', '(Point)', '(Exception)'])}:")
        self.line("    def __init_subclass__(cls, **options): print('subclass', cls.__name__, sorted(options))")
        self.line(f"    def method(self, x={self.atom()}): return ('base', x)")
        self.line("    @classmethod\n    def made(cls, *args): return cls.__name__, args".replace("\n", "\n" + "    " * self.level))
        self.line("    shared = Descriptor('shared')")
        self.line(f"class {name}({base}{self.pick(['', ', option=1', ', metaclass=type'])}):")
        if self.chance(30):
            self.line("    __slots__ = " + self.pick(["()", "('slot',)", "('slot', '__dict__')"]))
        for member in self.random.sample([
            "def method(self, *args): return (super().method(*args), __class__.__name__)", "data = DataDescriptor('data')", "static = staticmethod(lambda *x: x)",
            "value = property(lambda self: ('value', self.missing if False else 1), lambda self, v: print('value is', text(v)))", "def __getattr__(self, name): return name + '!'",
            "def __setattr__(self, name, value): print('setattr', name); super().__setattr__(name, value)", "def __delattr__(self, name): print('delattr', name); object.__delattr__(self, name)",
            "def __call__(self, *a, **k): return a, k", "def __class_getitem__(cls, key): return cls.__name__, key", "__hash__ = None", "def __eq__(self, other): return NotImplemented",
            "def __getattribute__(self, name): print('get', name); return super().__getattribute__(name)", "x: int = 5", "def __iadd__(self, other): return (self.__class__.__name__, other)",
            "async def co(self): return await Pause(super().method())", "def gen(self): yield from (super(__class__, self).method(),)", "match_me = 1; __match_args__ = ('match_me',)",
        ], 5):
            self.line("    " + member)
        instance = self.pick(NAMES)
        self.line(f"{instance} = {name}()")
        for _ in range(3):
            use = self.pick(["show({0}.method({1}))", "show({0}.shared, {0}.data)", "{0}.data = {1}", "{0}.value = {1}", "show({0}.value)", "{0}.extra = {1}; show({0}.extra)", "del {0}.extra", "del {0}.data", "show({0}.static({1}))",
                             "show({0}.made({1}), type({0}).made())", "show({0}({1}, k=2))", "show(type({0})[{1}])", "{0} += {1}", "show({0} == {1})", "show(run({0}.co()))", "show(list({0}.gen()))", "show(vars({0}))",
                             "match {0}:\n    case {2}(x): show(x)\n    case _: print('no match')", "show(hash({0}) is None)", "show([k.__name__ for k in type({0}).__mro__])", "{0}.slot = {1}; show({0}.slot)"])
            self.line("try:")
            self.line("    " + use.format(instance, self.expression(1), name).replace("\n", "\n" + "    " * (self.level + 1)))
            self.line("except Exception as error: failed(error)")

    def class_(self, depth):
        self.count += 1
        name = f"C{self.count}"
        base = self.pick(["", "", "(int)", "(list)", "(dict)", "(str)", "(Point)", "(Exception)"])
        self.line(f"class {name}{base}:")
        self.level += 1
        for special, arguments in self.random.sample(
            [("__repr__", "self"), ("__add__", "self, other"), ("__eq__", "self, other"), ("__getitem__", "self, key"), ("__len__", "self"), ("__bool__", "self"),
             ("__iter__", "self"), ("__contains__", "self, item"), ("__call__", "self, *args"), ("method", "self, x=1"), ("__lt__", "self, other"), ("__index__", "self"),
             ("__hash__", "self"), ("__format__", "self, spec"), ("__getattr__", "self, name"), ("__radd__", "self, other"), ("__neg__", "self")],
            self.random.randrange(1, 5),
        ):
            result = {"__repr__": "'<C>'", "__len__": "3", "__bool__": "False", "__iter__": "iter((1, 2))", "__index__": "2", "__hash__": "5", "__format__": "'F' + spec"}
            self.line(f"def {special}({arguments}): return {result.get(special) or self.expression(1)}")
        if self.chance(30):
            self.line("value = property(lambda self: 'value')")
        self.level -= 1
        instance = self.pick(NAMES)
        self.line(f"{instance} = {name}({self.pick(['', '', '3', 'd'])})")
        self.line(f"show({instance} + {self.atom()})" if self.chance(40) else f"show({self.pick(['len', 'bool', 'list', 'callable', 'format'])}({instance}))")


def parameters_value(parameters):
    return [p for p in parameters if p.startswith("p")][:2]


def program(seed):
    """The text of the program of a seed."""
    generator = Generator(seed)
    sections = []
    for _ in range(12):
        generator.lines, generator.level = [], 0
        for _ in range(2):
            generator.statement(3)
        sections.append("section(" + repr("\n".join(generator.lines)) + ")\n")
    return PRELUDE + "".join(sections) + f"section('show({', '.join(NAMES)})')\n"


if __name__ == "__main__":
    import sys
    print(program(int(sys.argv[1])), end="")
