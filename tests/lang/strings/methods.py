# The methods that search, split, strip, replace and change case.
s = "The quick brown fox"
print(s.upper(), s.lower(), s.title(), s.swapcase(), s.capitalize(), "ßtraße".casefold(), "ŉ".upper(), "ß".upper())
print(s.find("q"), s.find("z"), s.rfind("o"), s.index("u"), s.find("o", 13), s.find("o", 0, 5), s.count("o"), "aaa".count("aa"), "abc".count(""))
print(s.startswith("The"), s.startswith("quick", 4), s.endswith(("dog", "fox")), s.startswith(("a", "b")), "".startswith(""))
print("  x y ".strip(), "|" + "  x ".lstrip() + "|", "|" + "  x ".rstrip() + "|", "xxhixx".strip("x"), "abcba".strip("ab"))
print("a,b,,c".split(","), "a b  c ".split(), "a b c d".split(" ", 2), "a b c d".rsplit(" ", 2), "".split(), "".split(","), " a ".split(None, 1))
print("a\nb\r\nc\x0bd\u2028e".splitlines(), "a\nb\n".splitlines(True), "".splitlines())
print("a-b-c".partition("-"), "a-b-c".rpartition("-"), "abc".partition("-"), "abc".rpartition("-"))
print(",".join(["a", "b"]), "".join([]), "-".join("abc"), ", ".join(str(i) for i in range(3)))
print("aXbXc".replace("X", "--"), "aaa".replace("a", "b", 2), "abc".replace("", "."), "abc".replace("b", ""), "".replace("", "x"))
print("x".center(7, "*"), "x".ljust(4) + "|", "x".rjust(4), "42".zfill(5), "-42".zfill(5), "+1".zfill(4), "abcd".center(3), "ab".center(5))
print("a\tb\tcd".expandtabs(4), "prefix_x".removeprefix("prefix_"), "x.py".removesuffix(".py"), "x".removeprefix("y"))
print("abc".translate({97: "X", 98: None, 99: 0x4e2d}), "hello".translate(str.maketrans("el", "ip")), str.maketrans("a", "b", "c"), str.maketrans({"a": 1}))
for name in ("isalpha", "isdigit", "isalnum", "isspace", "isupper", "islower", "istitle", "isidentifier", "isdecimal", "isnumeric", "isprintable", "isascii"):
    print(name, [getattr(x, name)() for x in ("abc", "ABC", "Abc Def", "123", "a1", " \t", "", "²", "½", "é", "_x", "\n", "class")])
for f in (lambda: s.index("z"), lambda: "a".split(""), lambda: ",".join([1]), lambda: ",".join(["a", 2]), lambda: ",".join(5), lambda: "a".partition(""),
          lambda: "a".center(5, "ab"), lambda: "x".replace("a"), lambda: s.startswith(1), lambda: "a".nope, lambda: "x".upper(1)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
