# Patterns that try much before they give up or succeed, and long texts: no native stack, no needless memory.
import re

print(re.match(r"(a+)+$", "a" * 18 + "b"), re.match(r"(a|aa)+$", "a" * 20 + "b"), re.match(r"(?:a?){18}a{18}", "a" * 18).span())
print(re.match(r"(x+x+)+y", "x" * 14), re.search(r"(.*)(.*)(.*)(.*)[^a]", "a" * 20), re.match(r"([a-z]*)*1", "abcdefghijklmnop"))
print(re.match(r"^(([a-z])+.)+[A-Z]([a-z])+$", "a" * 16))
for pattern in ("(?:a|b)*", "(?:a|b)*?$", "(a|b)*", "((a)|(b))*+", "(?>a|b)*", "(?:(?:a)(?:b))*", "(?:ab?)+", "(?:(?=a)a|(?!a)b)*", "(?:a|b)*c?", "(?:[ab]{2})*+", r"(?:(a)(b)|\1\2)+"):
    match = re.match(pattern, "ab" * 50_000)
    print(pattern, match.span(), match.regs[1:], match.lastindex)
print(re.fullmatch("(?:" * 80 + "a" + ")*" * 1 + ")" * 79, "a" * 100).end(), len(re.findall("(?:a|b)c?", "abc" * 10_000)))
print(len(re.sub(r"(\w)(\w)", r"\2\1", "ab" * 20_000)), re.search("a" * 50 + "b", "a" * 5000 + "b").start())
print(re.search(r"[^x]*?y", "a" * 20_000), re.search(r"\w+@", "a" * 3_000), len(re.split(r"\s*,\s*", " , ".join("abc" * 3_000))))
