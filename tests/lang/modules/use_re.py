# Regular expressions.
import re

print(re.match(r"(\w+)@(\w+)\.com", "ann@mail.com").groups(), re.search(r"\d+", "abc 123 def").span(), re.findall(r"a(b)?", "ab a"), re.sub(r"(\w)(\d)", r"\2\1", "a1 b2"), re.split(r"[,;]\s*", "a, b;c"), re.fullmatch("a+", "aaa") is not None)
m = re.search(r"(?P<year>\d{4})-(?P<month>\d\d)", "on 2024-05-06")
print(m.group(), m["year"], m.groupdict(), m.start("month"), m.expand(r"\g<month>/\1"), m.lastgroup, m.string[m.end():])
print(re.sub(r"\d+", lambda m: str(int(m[0]) * 2), "1 22 x3"), re.subn("a", "b", "aaa", count=2), re.compile("A", re.I).findall("aA"), re.findall(r"^\w", "a\nb", re.M), re.findall(r"(?s).+", "a\nb"), re.escape("a.b*c"))
print([x.group() for x in re.finditer(r"(?<=x)\d(?!\d)", "x1 x22 y3")], re.findall(r"(a|b)*?c", "abac c"), re.match(r"(.)\1", "aa") is not None, re.findall(r"\b\w+\b", "héllo wörld"), re.findall(r"(?:ab){2,3}", "abababab"), re.split(r"(-)", "a-b"))
for bad in ("(", "[a", "*", "a{2,1}", r"(?P<1>a)", r"\1", "(?z)"):
    try:
        re.compile(bad)
    except re.error as e:
        print(repr(bad), e)
print(re.compile(r"a+"), m, re.match("x", "y"), re.VERBOSE is re.X, re.compile(r"""
    (\d+)  # number
    \s*    # gap
    ([a-z]+)""", re.X).match("12 ab").groups(), re.findall(b"[a-c]+", b"xxabc"))
