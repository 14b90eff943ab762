# What most texts and values take a short way for, beside what does not.
import csv
import io

# Joining.
for sep in ("", ",", "--", "ä", "€", "\U0001f600"):
    for parts in ([], ["a"], ["", ""], ["", "a"], ["a", "", "b"], ["ab", "c", "def"], ["ä", "b"], ["€", "b", ""], ["\U0001f600", "ä"]):
        print(ascii(sep.join(parts)), end=" ")
    print()
for parts in (["a", 1], ("a", b"b"), [None]):
    try:
        print(",".join(parts))
    except TypeError as error:
        print(error)


class Text(str):
    def __str__(self):
        return "own"

    def __format__(self, spec):
        return "formatted"


print(type("".join([Text("a")])), ",".join([Text("a"), "b"]), ",".join(c for c in "abc"))

# Splitting.
for text in ("", "a", ",", "a,", ",a", "a,b,,c", "ä,b", "a€b,c"):
    print([ascii(p) for p in text.split(",")], [ascii(p) for p in text.split(",", 1)], [ascii(p) for p in text.split(",b")], text.split("ä") == text.split("ä", -1))
print(type(Text("abc").split(",")[0]), Text("a,b").split(","))
try:
    "a".split("")
except ValueError as error:
    print(error)

# Searching from the right.
for needle in ("", "a", "ab", "zb", "abab", "b" * 20, "é"):
    print([text.rfind(needle) for text in ("", "a", "ab", "abab", "xababx", "b" * 30, "é" * 3)], "xababx".rfind(needle, 1, 5), "xababx".rfind(needle, 3))

# Padding.
for width in (0, 1, 4, 5, 6):
    for fill in (" ", "*", "ä", "€"):
        print(ascii([t.center(width, fill) for t in ("", "abc", "ä", "€")]), ascii("abc".ljust(width, fill) + "|" + "abc".rjust(width, fill)), end=" ")
    print()
print(len("a".center(5000)), type(Text("abc").center(2)))

# Formatting by %.
for template, value in (
    ("%s", "x"), ("%s", 5), ("%d", 5), ("%i%%", 7), ("%s %s", ("a", -1)), ("%s", ("a",)), ("%s", None), ("%s", True), ("%d", True), ("%s", 1.5), ("%d", 1.5),
    ("%s", Text("t")), ("%s", "ä"), ("%s", "€"), ("ä%s", "b"), ("€%s", "b"), ("%d", 2**70), ("%s", 2**70), ("%5s|%-5s|", ("a", "b")), ("%05d", 42), ("%x", 255),
    ("%s", [1]), ("%s", {"a": 1}), ("%(a)s", {"a": 1}), ("%%", ()), ("a%%b", ()), ("%s%%", "x"), ("abc", ()), ("%c%s", ("a", "b")), ("%r", "a"),
    ("%s", ()), ("%s %s", "a"), ("%s", ("a", "b")), ("abc", "x"), ("abc", 5), ("%", 1), ("%s%", "a"), ("%d", "a"), ("%s %d", ("a", "b")), ("%q", 1), ("% s", "a"), ("%ld", 3), ("abc", {}), ("abc", []),
):
    try:
        print(ascii(template % value), end=" ")
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)
print()

# Floats.
for x in (0.1, 3.25, -2.5, 1e-4, 9.9e-5, 1.5e-5, 123456.789, 1e15, 1e16, 999999999999999.9, 99999999999999.9, 12345678901234.5, 0.30000000000000004, 1 / 3, 2 / 3, 5e-324, 1e22, 1e23, 0.00012345, 100.5, 4503599627370497.5, 0.1 + 0.7, 1.1 * 3, 0.5, 0.75, 0.0001, 0.001, 1e14 + 0.5, 2.675, 1.005):
    print(repr(x), str(-x), f"{x}", float(repr(x)) == x, end=" ")
print()

# Encoding and decoding.
for text in ("", "a", "abc", "ä", "€", "\U0001f600"):
    print([text.encode(name, errors) for name in ("utf-8", "utf8", "UTF-8", "utf-16-le") for errors in ("strict", "ignore")], text.encode(), text.encode().decode(), bytearray(text.encode()).decode("utf-8"))
for data in (b"\xff", b"a\xffb", b"\xc3"):
    print(ascii(data.decode("utf-8", "replace")))
    try:
        data.decode()
    except UnicodeDecodeError as error:
        print(error)

# Case.
for text in ("äöü€", "ÀÉ€", "ΑΣ", "ΑΣ Β", "Σ", "ß€", "ŉ", "ĳ", "ǆ", "İ€", "ÿĀ", "µ€", "ﬁ", "\U00010428€", "ａ", "ꭰ", "ᏸ", "ա"):
    print(ascii([text.upper(), text.lower(), text.title(), text.swapcase(), text.casefold(), text.capitalize()]))

# Kinds of characters.
for point in (*range(9, 48), 57, 58, 65, 90, 91, 95, 97, 122, 127, 133, 160, 178, 185, 188, 223, 0x660, 0x2007, 0x2160, 0x4E00):
    c = chr(point)
    print(*(int(getattr(c, "is" + kind)()) for kind in ("alnum", "alpha", "decimal", "digit", "numeric", "space")), sep="", end=" ")
print("".isdigit(), "1a".isdigit(), "11".isdigit(), "a b".isspace(), " \t\x1c".isspace(), "ab1".isalpha(), "ab1".isalnum())
print(list(map(str.isdigit, "a1")), list(map(str.upper, [Text("a"), "b"])), sum(map(str.isdigit, "a1b23")))
try:
    list(map(str.upper, [1]))
except TypeError as error:
    print(error)
print(list(map(bool.__add__, [True], [2])), list(map(list.copy, [[1]])), list(map(int.bit_length, [5, True])))

# Tables as text.
LINES = ["", "a", "a,b", "a,", ",", ",,", '"a,b",c', '"a""b",c', 'a"b,c', '"a"b,c', "a b, c", " a, b", "1,x", '"1",x', "ä,€,\U0001f600", "a;b", "a\\,b,c", "x\ty", '"', '"a']
for options in ({}, {"delimiter": ";"}, {"skipinitialspace": True}, {"quoting": csv.QUOTE_NONE}, {"quoting": csv.QUOTE_NONE, "escapechar": "\\"}, {"escapechar": "\\"}, {"quoting": csv.QUOTE_NONNUMERIC},
                {"quoting": csv.QUOTE_STRINGS}, {"quoting": csv.QUOTE_NOTNULL}, {"delimiter": "€"}, {"strict": True}, {"quotechar": "ä"}):
    for line in LINES:
        for end in ("", "\n", "\r\n", "\r"):
            try:
                print(ascii(list(csv.reader([line + end], **options))), end=" ")
            except (csv.Error, ValueError) as error:
                print(type(error).__name__, error, end=" ")
    print()
try:
    print(list(csv.reader(["a\nb,c"])))
except csv.Error as error:
    print(error)
limit = csv.field_size_limit(4)
for line in ("abcd,a", "abcde,a", "a,abcde"):
    try:
        print(list(csv.reader([line])))
    except csv.Error as error:
        print(error)
csv.field_size_limit(limit)
reader = csv.reader(["a,b,c\n", "d\n", "\n", "e,f\n"])
for row in reader:
    print(row, reader.line_num, end=" ")
out = io.StringIO()
csv.writer(out, lineterminator="!€").writerows([["a!b", "c€", 'd"e', "f,g", 1.5, None], ["x\ny"]])
print(ascii(out.getvalue()))

# Writing into texts.
stream = io.StringIO()
for piece in ("abc", "", "ä", "€", "x" * 20, "\U0001f600"):
    stream.write(piece)
stream.seek(2)
stream.write("ZZ")
stream.seek(40)
stream.write("end")
print(ascii(stream.getvalue()), stream.tell())
