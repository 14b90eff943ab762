"""Texts built piece by piece and read back: files in memory, JSON, CSV, translation, case, numbers with specifications."""
import csv
import io
import json

file = io.StringIO()
file.write("plain\n")
file.write("w\u00efde \u20ac\n")
file.write("\U0001f40d\r\n")
print(ascii(file.getvalue()), file.tell())
file.seek(2)
file.write("XY")
print(ascii(file.read()), file.seek(0), ascii(list(file)))
file.seek(20)
print(file.write("z"), ascii(file.getvalue()), file.truncate(4), ascii(file.getvalue()))
for newline in (None, "", "\n", "\r", "\r\n"):
    file = io.StringIO("a\nb\r\nc\rd\u0100", newline=newline)
    print(repr(newline), ascii(list(file)), file.newlines)
    file.seek(0)
    print(ascii(file.readline(1)), ascii(file.readline()), ascii(file.read(2)))

texts = ["", "plain", 'quote " and \\', "control \x00\x1f\x7f\n\t\r\b\f", "\u00e9\u20ac\U0001f40d", "\ud800 lone", "a" * 50 + '"']
for text in texts:
    for wide in (True, False):
        line = json.dumps(text, ensure_ascii=wide)
        print(ascii(line), json.loads(line) == text)
nested = value = []
for _ in range(40):
    value.append([])
    value = value[0]
print(json.dumps(nested) == "[" * 41 + "]" * 41)
value.append(nested)
try:
    json.dumps(nested)
except ValueError as error:
    print(error)
for text in ['[1, -2, 3.5e3, 123456789012345678901234567890, -0, 0.1]', '{"a": {"a": 1}, "b": [true, false, null]}',
             '"\\ud83d\\udc0d \\u00e9 \\/"', '[1,]', '{"a" 1}', '"open', '"bad \\x"', '"tab\t"', '[1 2]', '\u20ac', '-', '[NaN, Infinity]']:
    try:
        print(ascii(json.loads(text)), [type(x).__name__ for x in json.loads(text)][:3] if text[0] == "[" else "")
    except json.JSONDecodeError as error:
        print(ascii(error))
    except TypeError as error:
        print(error)
print(json.loads('{"\u20ac": "\U0001f40d"}') == {"\u20ac": "\U0001f40d"}, json.loads("[1.5, 2]", parse_float=str, parse_int=str))

rows = [["a", "b c", 'with "quotes"', "comma, here"], ["line\nbreak", "", "\u20ac", None, 1, 2.5], [], ["x"], [""]]
for options in ({}, {"quoting": csv.QUOTE_ALL}, {"delimiter": ";", "quoting": csv.QUOTE_NONNUMERIC}, {"escapechar": "\\", "doublequote": False},
                {"quoting": csv.QUOTE_NONE, "escapechar": "\\"}, {"quotechar": "'", "lineterminator": "|"}):
    out = io.StringIO()
    try:
        csv.writer(out, **options).writerows(rows)
    except csv.Error as error:
        print(error)
    print(ascii(out.getvalue()))
    options.pop("lineterminator", None)
    try:
        print(ascii(list(csv.reader(io.StringIO(out.getvalue(), newline=""), **options))))
    except (csv.Error, ValueError) as error:
        print(error)
csv.field_size_limit(5)
try:
    print(list(csv.reader(["12345,abc", "123456"])))
except csv.Error as error:
    print(error)

table = str.maketrans({"a": "AA", "b": None, "c": "\u20ac", "\u00e9": "e", "\U0001f40d": "snake"})
print(ascii("abcabc \u00e9\U0001f40d".translate(table)), "hello".translate({104: 72, 101: "", 108: "L" * 3}), "hello".translate("0" * 200))
try:
    "abc".translate({97: 2**21})
except ValueError as error:
    print(error)
for text in ("hELLO wORLD 3rd o'clock", "x", "", "\u01c6ungla \u00df stra\u00dfe"):
    print(ascii([text.title(), text.capitalize(), text.swapcase(), text.lower(), text.upper(), text.casefold()]))
print("a" < "b" < "ab", "abc" <= "abc", "\u20ac" > "z", "\u00e9" < "\U0001f40d", "" < "a", "b" >= "a" * 9)
numbers = [0.0, -0.0, 0.5, 1.5, 2.5, 0.125, 1e22, 1e23, 123456789.123456789, 9.9999995, 99999.95, 1e-5, 5e-324, 1.7976931348623157e308, float("inf"), float("nan")]
for spec in ("", ".0f", ".1f", ".3f", "012.2f", "+.6g", ".3g", "e", ".10e", ",.2f", "_.1f", "<12.1f", "^12.1f", "=12.1f", "*>12.1f", ".0%", "#.0f", "z.1f", "n"):
    print(spec, [format(x, spec) for x in numbers])
for spec in ("", "d", ",", "_x", "08,d", "#x", "+d", " d", "^9", "*<9d", "=+9d", "b", "o", "_b", "n", ",d"):
    print(spec, [format(n, spec) for n in (0, 7, -7, 1234567, -1234567, 10**20)])
print("%5d|%-8s|%06.2f|%x|%+.3e|%g|%.0f" % (42, "row", 3.14159, 255, 12345.678, 1e10, 2.5))
