"""Searching, splitting, stripping, replacing and translating texts that are short, long, narrow and wide."""
SPACES = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u2003"
for text in ["", " ", "a", "  a b  c ", SPACES + "x" + SPACES + "y" + SPACES, "é" + SPACES + "ü", "\u0101 \u0102"]:
    print(ascii(text.split()), ascii(text.split(None, 1)), ascii(text.rsplit(None, 1)))
    print(ascii(text.strip()), ascii(text.lstrip()), ascii(text.rstrip()), ascii(text.splitlines()), ascii(text.splitlines(True)))
print(b" \x85a\x1cb\n\r\xa0 ".split(), b" \x85a\x1cb\n\r\xa0 ".splitlines(), b"\t\x0b a ".strip())
for text in ["..a,b;", "aaaa", "", "éa.é", "\u0101a\u0101"]:
    for chars in [".,;", "a", "", "é", "\u0101."]:
        print(ascii(text.strip(chars)), ascii(text.lstrip(chars)), ascii(text.rstrip(chars)), end=" ")
    print()

for filler in ["", "x" * 150, "x" * 400, "é" * 30, "\u0101" * 30]:
    text = filler + "ab-abc-ab" + filler + "abc"
    for part in ["a", "ab", "abc", "b-a", "c-abx", "é", "", "abcd", "\u0101a"]:
        print(text.find(part), text.rfind(part), text.count(part), part in text, text.find(part, 3), text.find(part, 1, -2), end=" ")
        if part:
            print(len(text.split(part)), len(text.rsplit(part, 1)), text.partition(part)[0] == text, text.rpartition(part)[2] == text)
        for new in ["", "ab", "é", "\u0103"]:
            print(hash(text.replace(part, new)) == hash("".join([text.replace(part, new)])), len(text.replace(part, new)),
                  len(text.replace(part, new, 2)), end=" ")
        print()
print("aaa".replace("a", ""), "aaa".replace("aa", "b"), "ab".replace("ab", "c"), "abab".replace("b", "", 1))

table = {97: "A", 98: None, 99: 0x101, 100: "long text", 101: 0x1F600, 233: "e", 257: 99}
for text in ["abcde", "b" * 5, "a" * 5000 + "cd" * 10, "é\u0101a", "xyz" * 2000]:
    made = text.translate(table)
    print(len(made), ascii(made[:12]), ascii(made[-6:]))
print("".join(["a"]), "-".join(("a", "b")), "é".join(["\u0101", "b"]), "".join([]), ",".join(str(i) for i in range(3)))
for bad in ([1], ["a", 2], ("a", None), 5):
    try:
        "".join(bad)
    except TypeError as error:
        print(error)


class Text(str):
    def __str__(self):
        return "never"


print("".join([Text("own")]), type("".join([Text("own")])), "-".join([Text("a"), Text("b")]))
print("a" in {"a": 1}, "b" in {"a": 1}, Text("a") in {"a": 1}, "a" in {Text("a"): 1}, "ab" in "cab", "é" in "cab")
print([c for c in "aé\u0101\U0001f600"], "abc"[-1], "abc"[0], b"abc"[1], bytearray(b"abc")[-3])
for sequence in ("abc", b"abc", bytearray(b"abc"), [1], (1,)):
    for index in (3, -4):
        try:
            sequence[index]
        except IndexError as error:
            print(error)
