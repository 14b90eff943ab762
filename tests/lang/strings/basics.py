# Literals, escapes, indexing, slicing, concatenation.
s = "hello world"
print(s[0], s[-1], s[3:8], s[::-1], s[::2], s[-5:], s[:-6], s[100:], s[5:2], s[8:2:-2])
print('single', "double", '''triple
line''', r"raw\n", "tab\tend", "\x41\u0042\U00000043\103\N{BULLET}", "a\
b")
print(repr("it's"), repr('say "hi"'), repr("both ' and \""), repr("\n\t\r\\\0\x7f\x80é\u200b"), ascii("é\U0001F600\u4e2d"))
print("a" "b" 'c', "x" * 3, 3 * "ab", "x" * 0, "x" * -1, "a" + "b" + "c")
print(len(""), len("é"), len("\U0001F600"), len("中文"), "中文"[1], "a😀b"[1], "a😀b"[2], "a😀b"[::-1])
print("b" in "abc", "bc" in "abc", "" in "abc", "z" not in "abc", "abc" in "ab")
print("a" < "b", "a" < "B", "abc" < "abd", "ab" < "abc", "" < "a", "é" > "z", "中" > "é", "a" == "a", "a" != "b")
print(ord("a"), ord("中"), ord("😀"), chr(97), chr(0x4e2d), chr(0x1F600), min("hello"), max("hello"))
for f in (lambda: "abc"[3], lambda: "abc"[-4], lambda: "a" + 1, lambda: "a" * "b", lambda: 1 in "abc", lambda: ord("ab"),
          lambda: chr(-1), lambda: chr(0x110000), lambda: s["a"], lambda: "a" * 1.5, lambda: s[1.0]):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
try:
    s[0] = "j"
except TypeError as e:
    print(e)
try:
    del s[0]
except TypeError as e:
    print(e)
for c in "aé中😀":
    print(c, ord(c), c.isalpha(), repr(c))
print(str(5), str(None), str([1, "a"]), str(b"x"), str(b"caf\xc3\xa9", "utf-8"), str())
