"""A JSON parser and printer in plain Python, with error messages that point at the place.

    taipan examples/json_tool.py FILE [PATH]        PATH picks a part, such as books.3.authors

The parser is a recursive descent over the text with one method per kind of value; the printer writes the result back
either on one line or indented. The program parses the file, prints what it found, checks that printing and parsing
again gives the same value, and shows what the parser says of a handful of broken documents.
"""
import sys

ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
UNESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
LITERALS = {"t": ("true", True), "f": ("false", False), "n": ("null", None)}


class JSONError(ValueError):
    def __init__(self, message, text, position):
        self.line = text.count("\n", 0, position) + 1
        self.column = position - (text.rfind("\n", 0, position) + 1) + 1
        super().__init__(f"line {self.line}, column {self.column}: {message}")


class Parser:
    def __init__(self, text):
        self.text = text
        self.at = 0

    def fail(self, message, position=None):
        raise JSONError(message, self.text, self.at if position is None else position)

    def peek(self):
        """The next character that is not white space, or the empty string at the end."""
        text, at = self.text, self.at
        while at < len(text) and text[at] in " \t\n\r":
            at += 1
        self.at = at
        return text[at:at + 1]

    def expect(self, character, where):
        if self.peek() != character:
            self.fail(f"expected {character!r} {where}")
        self.at += 1

    def document(self):
        value = self.value()
        if self.peek():
            self.fail("text after the end of the document")
        return value

    def value(self):
        match self.peek():
            case "{":
                return self.object()
            case "[":
                return self.array()
            case '"':
                return self.string()
            case "t" | "f" | "n" as first:
                return self.literal(*LITERALS[first])
            case "":
                self.fail("expected a value, found the end")
            case c if c == "-" or "0" <= c <= "9":
                return self.number()
            case c:
                self.fail(f"expected a value, found {c!r}")

    def literal(self, word, value):
        if not self.text.startswith(word, self.at):
            self.fail(f"expected {word}")
        self.at += len(word)
        return value

    def object(self):
        self.at += 1
        members = {}
        if self.peek() == "}":
            self.at += 1
            return members
        while True:
            if self.peek() != '"':
                self.fail("expected a name in double quotes")
            start = self.at
            name = self.string()
            if name in members:
                self.fail(f"name {name!r} given twice", start)
            self.expect(":", "after a name")
            members[name] = self.value()
            if self.peek() == "}":
                self.at += 1
                return members
            self.expect(",", "or '}' in an object")

    def array(self):
        self.at += 1
        items = []
        if self.peek() == "]":
            self.at += 1
            return items
        while True:
            items.append(self.value())
            if self.peek() == "]":
                self.at += 1
                return items
            self.expect(",", "or ']' in an array")

    def digits(self):
        start = self.at
        while "0" <= self.text[self.at:self.at + 1] <= "9":
            self.at += 1
        if self.at == start:
            self.fail("expected a digit")

    def number(self):
        start, is_float = self.at, False
        if self.text[self.at] == "-":
            self.at += 1
        if self.text[self.at:self.at + 1] == "0":
            self.at += 1
            if "0" <= self.text[self.at:self.at + 1] <= "9":
                self.fail("a number must not start with 0")
        else:
            self.digits()
        if self.text[self.at:self.at + 1] == ".":
            self.at += 1
            self.digits()
            is_float = True
        if self.text[self.at:self.at + 1] in ("e", "E"):
            self.at += 1
            if self.text[self.at:self.at + 1] in ("+", "-"):
                self.at += 1
            self.digits()
            is_float = True
        text = self.text[start:self.at]
        return float(text) if is_float else int(text)

    def string(self):
        opening = self.at
        self.at += 1
        parts = []
        while True:
            start = self.at
            while self.at < len(self.text) and self.text[self.at] not in '"\\' and self.text[self.at] >= " ":
                self.at += 1
            parts.append(self.text[start:self.at])
            match self.text[self.at:self.at + 1]:
                case '"':
                    self.at += 1
                    return "".join(parts)
                case "\\":
                    parts.append(self.escape())
                case "":
                    self.fail("string never ends", opening)
                case c:
                    self.fail(f"control character {c!r} in a string")

    def escape(self):
        kind = self.text[self.at + 1:self.at + 2]
        if kind == "u":
            self.at += 2
            code = self.hex4()
            if 0xD800 <= code < 0xDC00 and self.text.startswith("\\u", self.at):
                back = self.at
                self.at += 2
                low = self.hex4()
                if 0xDC00 <= low < 0xE000:
                    return chr(0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00))
                self.at = back
            return chr(code)
        if kind not in ESCAPES or not kind:
            self.fail(f"unknown escape {kind!r}")
        self.at += 2
        return ESCAPES[kind]

    def hex4(self):
        digits = self.text[self.at:self.at + 4]
        if len(digits) != 4 or any(c not in "0123456789abcdefABCDEF" for c in digits):
            self.fail("expected four hexadecimal digits")
        self.at += 4
        return int(digits, 16)


def quote(text):
    return '"' + "".join(UNESCAPES.get(c) or (c if c >= " " else f"\\u{ord(c):04x}") for c in text) + '"'


def dumps(value, indent=None, level=0):
    """The JSON text of a value, on one line or indented."""
    match value:
        case None:
            return "null"
        case True | False:
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case str():
            return quote(value)
        case []:
            return "[]"
        case list():
            return frame("[]", [dumps(item, indent, level + 1) for item in value], indent, level)
        case dict() if not value:
            return "{}"
        case dict():
            return frame("{}", [f"{quote(k)}: {dumps(v, indent, level + 1)}" for k, v in value.items()], indent, level)
        case _:
            raise TypeError(f"{type(value).__name__} has no JSON form")


def frame(brackets, parts, indent, level):
    if indent is None:
        return brackets[0] + ", ".join(parts) + brackets[1]
    gap = "\n" + " " * indent * (level + 1)
    return brackets[0] + gap + ("," + gap).join(parts) + "\n" + " " * indent * level + brackets[1]


def pick(value, path):
    for step in path.split(".") if path else ():
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


def census(value, counts, depth=0):
    """Count values by kind, and return the greatest depth."""
    kind = type(value).__name__
    counts[kind] = counts.get(kind, 0) + 1
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return max((census(child, counts, depth + 1) for child in children), default=depth)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        text = file.read()
    document = Parser(text).document()
    counts = {}
    depth = census(document, counts)
    print(f"{len(text)} characters, depth {depth}:", ", ".join(f"{n} {kind}" for kind, n in sorted(counts.items())))
    compact, pretty = dumps(document), dumps(document, indent=2)
    print("round trip, one line:", Parser(compact).document() == document, len(compact))
    print("round trip, indented:", Parser(pretty).document() == document, pretty.count("\n") + 1, "lines")
    for path in sys.argv[2:]:
        try:
            print(f"{path or 'document'}: {dumps(pick(document, path), indent=2)}")
        except (LookupError, ValueError) as error:
            print(f"{path}: not there ({type(error).__name__})")
    print("broken documents:")
    for broken in ("", "[1, 2", "{\"a\" 1}", "{\"a\": 1,}", "[1 2]", "\"never", "01", "-", "1.", "1e", "tru", "nul", "{\"a\": 1,\n \"a\": 2}",
                   "[\n  1,\n  @\n]", "\"\\x\"", "\"\\u12g4\"", "[] []", "\"tab\there\"", "{1: 2}", "\n\n  }"):
        try:
            print(f"  {broken!r} -> {Parser(broken).document()!r}")
        except JSONError as error:
            print(f"  {broken!r}: {error}")


if __name__ == "__main__":
    main()
