# Regular expressions: patterns, matches, templates, every width of text, bytes-like subjects, errors.
import re, copy, _sre
print(re.findall(r"(a)|(b)", "ab"), re.split("(a)|b", "xaybz"), re.split("x*", "axbc"), re.sub("x*", "-", "abxd"))
print(re.sub("(?P<q>a)", r"[\g<q>\1\g<0>]", "bab"), re.sub("a", None.__repr__ and (lambda m: m.group().upper()), "banana", count=2))
p = re.compile("(?P<x>a)(?P<y>b)?(c)?", re.I | re.M)
m = p.search("zzAC")
print(p, m, m.groups(), m.groups("-"), m.groupdict(), m.groupdict(1), m.regs, m.lastindex, m.lastgroup, m.pos, m.endpos, m.span("y"), m["x"], m[3])
for bad in (lambda: m["nope"], lambda: m.group(4), lambda: m[-1], lambda: m.start("z"), lambda: p.match(3), lambda: p.match(b"a"), lambda: re.compile(b"a").match("a"),
    lambda: type(p)(), lambda: type(m)(), lambda: re.sub("a", r"\2", "a"), lambda: re.sub("a", 3, "a"), lambda: re.sub("a", lambda m: 3, "a"), lambda: m.group([]), lambda: m.expand(r"\9"), lambda: _sre.compile("a", 0, [1,2,3], 0, {}, ()), lambda: _sre.compile("a", 0, [2**40], 0, {}, ()), lambda: _sre.compile("a",0,[1],-1,{},()), lambda: _sre.template(None, []), lambda:p.match(), lambda: p.match("a", "b"), lambda: p.sub("a"), lambda: hash({}) ):
    try: print(bad())
    except Exception as e: print(type(e).__name__, e)
print(p == re.compile("(?P<x>a)(?P<y>b)?(c)?", re.I | re.M), hash(p) == hash(copy.copy(p)), copy.copy(m) is m, copy.deepcopy(p) is p, p != re.compile("a"), p == 3)
for s in ("Ärger Öl äöü ß", "ёлка Ёж", "😀 smile 😀😀 Ω"):
    print(re.findall(r"\w+", s), re.findall(r"(?i)[äё]\w*", s), [x.span() for x in re.finditer("😀+|Ω|ж", s)], re.search(r"(?<=\w)\b", s), re.sub(r"\s", "_", s), re.match(r".*", s).end(), re.findall(r"\W", s))
print(re.findall(rb"\w+", bytearray(b"ab cd")), re.match(b"a(.)", memoryview(b"axy")).group(1), re.sub(b"a", b"b", bytearray(b"xax")), re.match(b"a", b"ab"), re.split(b"-", memoryview(b"a-b")))
print(re.compile("x").scanner("axbx").search(), [m.span() for m in re.finditer("", "abc")], re.compile("b").match("abc", 1), re.compile("^b").search("abc", 1), re.compile("b$").search("abc", 0, 2), p.findall("aaa", 1, 2), re.compile("a").search("ba", 5, 1), re.compile("").match("abc", 2, 1))
print(re.match(r"(?>a+)ab", "aaab"), re.match(r"a++b", "aaab"), re.match(r"(?:ab)++c", "ababc"), re.match(r"(?:ab)*+abc", "ababc"), re.match(r"(a)?(?(1)b|c)", "ab"), re.match(r"(a)?(?(1)b|c)", "c"), re.match(r"(?<!a)b", "b"), re.search(r"(?<!a)b", "ab"), re.match(r"(?=(a))", "ab").groups(), re.match(r"(?!(b))a", "ab").groups())
print(re.fullmatch("a|ab", "ab"), re.fullmatch(r"(?:a*?)", "aaa"), re.fullmatch("a*?b*?", "aab"), re.match(r"(?s:.)\Z", "\n"), re.findall(r"(?m)^.*$", "a\n\nb\n"), re.findall(r"\Ba\B", "aaa"), re.search(r"\B", ""))
print(re.match("(a)(?:(b)|c)*", "abcb").groups(), re.match(r"(?:(\w)(\d)?)*", "a1b").groups(), re.match(r"(\w)\1{2,}", "aaab"), re.match(r"(?i)(ß)\1", "ßß"), re.findall("(?i)ſ", "sSſ"), re.findall("(?i)[k-l]", "kK\u212a"), re.findall("(?ai)k", "kK\u212a"), re.findall(r"(?a)\w", "aé"), re.findall(r"\d", "1٣a"))
print(repr(re.compile("x" * 300))[-20:], re.compile(b"a", re.L), re.compile("a", re.A | re.X | re.S), re.compile("a", re.U), re.match("x*", "x" * 100), re.compile("a", 0).flags, re.compile(b"a").flags, p.groupindex, p.groups, p.pattern)
print(re.Pattern[str], re.Match[bytes], type(p).__module__, re.escape("a.b"), re.purge())
print(re.match("(?:a|b)*", "ab" * 200000).end(), re.match("(?:ab?)*?c", "ab" * 1000 + "c").end(), re.match("(((((a)))))*", "a" * 50000).groups())
print(m.expand(r"<\g<x>|\2|\3>"), re.sub("a", r"\n\\\t", "a"), re.template if hasattr(re, "template") else None, re.sub(".", lambda m: None, "abc"), re.subn("(b)|a", r"[\1]", "ab"))
