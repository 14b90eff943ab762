# find, count, replace, split at the borders.
s = "abcabcabc"
print([s.find(x) for x in ("", "a", "abc", "cab", "abcabcabc", "abcabcabcd", "x")], [s.rfind(x) for x in ("", "a", "abc", "x")], s.find("", 9), s.find("", 10), s.find("a", 1), s.find("a", -3), s.find("a", 1, 3), s.find("c", -1), s.count(""), s.count("abc"), s.count("abca"), s.count("a", 1), "".find(""), "".count(""))
print("aaaa".replace("aa", "b"), "aaaa".replace("a", "aa"), "abc".replace("", "-"), "".replace("", "x"), "abc".replace("", "-", 2), "abc".replace("x", "y"), "aXa".replace("X", "long text"), "abc".replace("abc", ""), "a.b.c".replace(".", "", 1), "aaa".replace("a", "b", 0), "aaa".replace("a", "b", -1))
print("".split("x"), "x".split("x"), "xx".split("x"), "axbx".split("x"), " a  b ".split(), " a  b ".split(" "), "a b c".split(maxsplit=1), "a,b,c".split(",", 0), "a,b,c".rsplit(",", 1), " a b ".rsplit(None, 1), "abc".split("abc"), "a--b".split("--"), "aXXbXXc".split("XX", 1))
needle_at_end = "x" * 1000 + "needle"
print(needle_at_end.find("needle"), needle_at_end.index("n"), needle_at_end.rfind("x"), ("ab" * 500).count("ab"), ("ab" * 500 + "b").find("bb"), ("a" * 500).find("a" * 500), ("a" * 500).find("a" * 501), "é" * 10 + "z" in "é" * 20 + "z", ("中" * 100 + "文").index("文"))
print("abc" in "abcd", "" in "", "a" in "", "é" in "caf\u00e9", "😀" in "a😀b", "a😀b".find("b"), "a😀b".split("😀"), "a😀b".replace("😀", "x"), "mixed é 中".find("中"), "\0" in "a\0b", "a\0b".find("b"), "a\0b".split("\0"))
print("abc".startswith(""), "abc".startswith("", 3), "abc".startswith("", 4), "abc".endswith("c", 2), "abc".endswith("bc", 2), "abc".startswith("b", 1, 2), "abc".startswith(()), "abc".endswith(("x", "c")), "a".partition("a"), "aaa".rpartition("a"), "".partition("x"))
print("tést".encode().find(b"s"), "  ".split(), "  ".strip() == "", "\t x \n".strip(), "xyx".strip("x"), "xyx".lstrip("xy"), "a b".strip(" a"), "abc".strip(""), "éaé".strip("é"), "中a中".rstrip("中"))
