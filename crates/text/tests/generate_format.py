"""Writes format.txt, the table that format.rs checks: run it under CPython 3.14.

Each line is `operation TAB arguments… TAB result`. In texts, everything but printable ASCII is
written `\\hex;`. A result that starts with `!` is an exception's message.
"""
import itertools, random, struct, sys, _string
R = random.Random(7)
rows = []
def esc(s): return "".join(c if " " <= c < "\x7f" and c != "\\" else "\\%x;" % ord(c) for c in s)
def put(*a): rows.append("\t".join(map(str, a)))
def attempt(f):
    try: return esc(f())
    except Exception as e: return "!" + esc(str(e))
def bits(x): return struct.pack(">d", x).hex()
FIX = ["", ".", ".3", ".d", "5", "05", "<5", "=8", "^9", "*^10", "é>6", "\ud800<4", "+", "-", " ", "z", "#", ",", "_", ",_", "_,", ",,", "__", ".,", "._", ".2,", ".6_f", ".3,_f", ".,_", "n", "c", "s", "d", "y", "é", "\x7f", "\x01", "dd", "b", "o", "x", "X", "%", "e", "E", "g", "G", "f", "F", ",n", "_n", ",c", ",x", "_x", "_b", ",%", "_E", ".2c", "+c", "#c", "zc", "10c", "<3c", "#x", "#o", "#b", "#X", "#010x", "#_b", "020,", "_<20,d", "+020_x", "99999999999999999999", ".99999999999999999999", "0", "00", "<0", "<08", ">08", "^08", "010,.2f", "021,.3,f", "z.0f", "+z.1f", "#.0f", "#.0e", "#g", "#.3g", ".0", ".1", ".20", ".0%", "+.1%", "\u0665", "\u0661\u0662,.\u0663f", "{", "}<5", "=+8", "= 8.2e", "012.3n", ".2,n", ".2_e", ",.4_g", ".,d", ".3,d", ".2147483648f"]
def rnd_spec():
    return "".join([R.choice(["", "", "<", ">", "^", "=", "*<", "x^", "0=", " >"]), R.choice(["", "", "+", "-", " "]), R.choice(["", "", "z"]), R.choice(["", "", "#"]), R.choice(["", "", "0"]), R.choice(["", "1", "7", "12", "13", "14", "15", "30"]), R.choice(["", "", ",", "_"]), R.choice(["", "", ".0", ".2", ".7", ".3,", ".12_", ".,"]), R.choice(["", "d", "f", "g", "e", "x", "b", "n", "%", "s", "c"])])
specs = FIX + [rnd_spec() for _ in range(250)]
for s in specs:
    for v in R.sample(["", "a", "abc", "h\xe9\u20ac\U0001f600"], 2): put("str", esc(v), esc(s), attempt(lambda: format(v, s)))
    for v in R.sample([0, 1, -1, 65, 1234567, -987654321, 2**64, -10**30, 1114112, 999, 1000, True and 7], 4): put("int", v, esc(s), attempt(lambda: format(v, s)))
    for v in R.sample([0.0, -0.0, 1.0, -1.5, 1234567.891, -0.0001234, 1e20, 1e-7, float("inf"), float("-inf"), float("nan"), 123.456, 0.5, 999999.5, -0.04], 5): put("float", bits(v), esc(s), attempt(lambda: format(v, s)))
    for v in R.sample([0j, 1j, 1+2j, -1234.5-0j, complex(-0.0, 3), complex("nan+infj"), 1e10+2.5j], 2): put("complex", bits(v.real) + "," + bits(v.imag), esc(s), attempt(lambda: format(v, s)))
templates = ["", "abc", "{", "}", "{}", "{{}}", "a{{b}}c", "{!}", "{!x}", "{!rr}", "{!r:}", "{0}{}", "{}{0}", "{0[}", "{0[]}", "{0.}", "{0[0]x}", "{a{}", "{:{}}", "{:{:{}}}", "{:{", "{:", "{0!", "{0!r", "{99999999999999999999}", "{0[99999999999999999999]}", "{:}}", "{{{}}}", "a}b", "{0!\x01}", "{0!\xe9}", "{0[a]b}", "{0[a}]}", "{ 0}", "{-1}", "{0[{]}", "{0.a{}", "{:{0}}", "{5}", "{a}", "{!s:>{}}", "{0 }", "{[0]}", "{.real}", "{0!r }", "{0..a}", "{:{}}}", "{0:}{", "{\u0660}", "{00}", "{!}}", "{0!s:{", "x{a.b[c].d[12]!r:>{w}.{p}}y{{{}", "{a[b}c]}", "{a]b}", "{a[[]}", "\u20ac{\xe9!r}\U0001f600"]
def parse(t):
    return "|".join(f"{a};{b};{c};{d}".replace("None", "~") for a, b, c, d in _string.formatter_parser(t))
for t in templates: put("template", esc(t), attempt(lambda: parse(t)))
for n in ["", "0", "a", "a.b", "a[0]", "a[b].c", "a.", "a[", "a[]", "a[0]x", ".x", "[1][x]", "0.a.b", "a..b", "a[-1]", "\u0661.b", "1x", "a[99999999999999999999]"]:
    def split(n):
        f, r = _string.formatter_field_name_split(n)
        return f"{f!r}|" + "|".join(f"{'.' if a else '['}{v}" + ("" if a or type(v) is str else "#") for a, v in r)
    put("field", esc(n), attempt(lambda: split(n)))
for t, a in [("%d", 5), ("%5d", -5), ("%-5d|", 5), ("%05d", -5), ("%+d", 5), ("% d", 5), ("%+ d", 5), ("%.3d", 7), ("%5.3d|", 7), ("%08.3d|", 5), ("%x", 255), ("%X", 255), ("%#x", 255), ("%#X", -255), ("%#o", 8), ("%#05x", 255), ("%#.5x", 255), ("%+.3x", 255), ("%i", 5), ("%u", 5), ("%ld", 5), ("%hd", 5), ("%lld", 5), ("%y", 5), ("%\xe9", 5), ("%\n", 5), ("%", 5), ("a%%b%d", 5), ("%99999999999999999999d", 5), ("%.99999999999999999999d", 5), ("%.0d", 0), ("%#d", 5), ("%-05d|", 5), ("%5", 5), ("%(", 5), ("% +08d", 5)]:
    put("pct_int", esc(t), a, attempt(lambda: t % a))
for t, a in [("%f", 1.5), ("%010f", -1.5), ("%-010f|", -1.5), ("%e", 1.5), ("%G", 1e-10), ("%#g", 1.0), ("%F", float("inf")), ("%010f", float("inf")), ("%.0f", 0.5), ("%+.2e", 12345.678), ("% g", 1e16), ("%.3f", -0.0), ("%8.3g|", 3.14159), ("%.2147483648f", 1.0)]:
    put("pct_float", esc(t), bits(a), attempt(lambda: t % a))
for t, a in [("%s", "abc"), ("%5s|", "ab"), ("%-5s|", "ab"), ("%.2s", "abc"), ("%05s", "ab"), ("%5.1s|", "\u20acb"), ("%c", "x"), ("%.0c|", "x"), ("%3c|", "\U0001f600")]:
    put("pct_str", esc(t), esc(a), attempt(lambda: t % a))
texts = ["", "abc", "it's", 'say "x"', "it's \"x\"", "\t\n\r\\\x00\x7f\x80\xa0\xad\xe9\u0378\u200b\u20ac\ud800\udfff\ue000\U0001f600\U000e0001\U0010ffff\u2028\u3000"]
for t in texts: put("repr", esc(t), attempt(lambda: repr(t))); put("ascii", esc(t), attempt(lambda: ascii(t)))
for t in texts: put("bytes", esc(t), attempt(lambda: repr(t.encode("utf-8", "surrogatepass"))))
cases = ["", "Hello World", "stra\xdfe \ufb03", "\u0391\u03a3 \u0391\u03a3\u0391 \u03a3", "\u0391\u03a3. \u0391.\u03a3 a\u0345\u03a3", "\u0130I\u0131i", "\u01c4\u01c5\u01c6", "they're bill's", "1st 2ND x", "\U00010400\U00010428", "\ud800a", "A\u0301b", "\u1f80\u1f88", "123", " \t", "\u0149a", "aB", "A B", "\u02b0", "\u2167", "Ab Cd"]
for t in cases:
    for m in ["upper", "lower", "title", "capitalize", "swapcase", "casefold", "islower", "isupper", "istitle", "isidentifier"]: put(m, esc(t), esc(str(getattr(t, m)())).lower() if m.startswith("is") else esc(getattr(t, m)()))
for t in ["a1", "_", "1a", "\u1885", "\u2118", "a\u0301", "\u0301a", "x y", "\u00b7", "a\u00b7"]: put("isidentifier", esc(t), str(t.isidentifier()).lower())
def fold(items):
    h = 14695981039346656037
    for i in items: h = ((h ^ i) * 1099511628211) & (2**64 - 1)
    return h
for m in ["isalpha", "isdecimal", "isdigit", "isnumeric", "isalnum", "isspace", "islower", "isupper", "istitle", "isprintable"]:
    put("prop", m, fold(i for i in range(0x110000) if getattr(chr(i), m)()))
for m in ["upper", "lower", "title", "casefold"]:
    put("map", m, fold(ord(c) + i * 3 for i in range(0x110000) for c in getattr(chr(i), m)()))
import unicodedata
put("map", "category", fold(ord(c) + i for i in range(0x110000) for c in unicodedata.category(chr(i))))
put("map", "digit", fold(i + unicodedata.digit(chr(i)) for i in range(0x110000) if chr(i).isdigit()))
put("map", "bidirectional", fold(ord(c) + i for i in range(0x110000) for c in unicodedata.bidirectional(chr(i))))
put("map", "width", fold(ord(c) + i for i in range(0x110000) for c in unicodedata.east_asian_width(chr(i))))
put("map", "combining", fold(unicodedata.combining(chr(i)) * 2 + unicodedata.mirrored(chr(i)) for i in range(0x110000)))
put("map", "numeric", fold(int(bits(unicodedata.numeric(chr(i))), 16) for i in range(0x110000) if chr(i).isnumeric()))
put("map", "decomposition", fold(ord(c) for i in range(0x110000) for c in unicodedata.decomposition(chr(i))))
for form in ["NFC", "NFKC", "NFD", "NFKD"]:
    put("map", form, fold(ord(c) + i for i in range(0x110000) for c in unicodedata.normalize(form, chr(i))))
    marks = [chr(i) for i in range(0x300, 0x370)] + list("aeo\u1100\u1161\u11a8\uac00\xe9\u1ea5\u0b47\u0b3e\u0b57") + list("aeo") * 20
    for _ in range(60):
        t = "".join(R.choices(marks, k=R.randrange(2, 9)))
        put(form, esc(t), esc(unicodedata.normalize(form, t)))
open(__file__.rsplit("/", 1)[0] + "/format.txt", "w").write("\n".join(rows) + "\n")
