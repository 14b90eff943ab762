"""Writes codecs.txt, the table that codecs.rs checks: run it under CPython 3.14.

Each line is `operation TAB arguments… TAB result`. In texts, everything but printable ASCII is
written `\\hex;`; bytes are written in hexadecimal. The handler `log` replaces each problem by `<start-end>` and
the result then holds the problems too.
"""
import codecs, random, sys, io, warnings
warnings.simplefilter("ignore")
R = random.Random(11)
rows = []
def esc(s): return "".join(c if " " <= c < "\x7f" and c != "\\" else "\\%x;" % ord(c) for c in s)
def put(*a): rows.append("\t".join(map(str, a)))
log = []
def handler(e):
    log.append(f"{e.encoding},{e.start},{e.end},{e.reason}")
    return (f"<{e.start}-{e.end}>", e.end)
codecs.register_error("log", handler)
def problem(e): return f"!{e.encoding},{e.start},{e.end},{e.reason}"
ENC = ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "latin-1", "ascii", "unicode_escape", "raw_unicode_escape"]
HANDLERS = ["strict", "ignore", "replace", "backslashreplace", "surrogateescape", "surrogatepass"]
def decode(enc, b, errors):
    log.clear()
    try: r = esc(b.decode(enc, errors))
    except UnicodeDecodeError as e: r = esc(problem(e))
    except TypeError as e: return
    put("decode", enc, errors, b.hex(), r + ("|" + esc("|".join(log)) if log else ""))
def encode(enc, s, errors):
    log.clear()
    try: r = s.encode(enc, errors).hex()
    except UnicodeEncodeError as e: r = esc(problem(e))
    put("encode", enc, errors, esc(s), r + ("|" + esc("|".join(log)) if log else ""))
interesting = [0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe2, 0xed, 0xef, 0xf0, 0xf1, 0xf4, 0xf5, 0xff]
samples = [b"", b"abc", b"a\xff\xed\xb2\x80\xe2\x82z", b"\xed\xa0\x80\xed\xb0\x80", "h\xe9\u20ac\U0001f600".encode()]
samples += [bytes(R.choices(interesting, k=R.randrange(1, 7))) for _ in range(260)]
for b in samples:
    decode("utf-8", b, "log")
    for h in R.sample(HANDLERS, 2): decode("utf-8", b, h)
wide = [b"\xff\xfea\x00", b"\xfe\xff\x00a", b"a\x00b", b"\x00\xd8a\x00", b"\x00\xd8\x00", b"\x00\xdca\x00", b"\x00\xd8\x00\xd8\x00\xdc", b"\xff", b"\xff\xfe\x00\x00a\x00\x00\x00", b"\x00\x00\xfe\xff\x00\x00\x00a", b"\x00\xd8\x00\x00", b"\x00\x00\xd8\x00", b"\x00\x00\x11\x00", b"\xff\xff\xff\xff", b"a\x00\x00"]
wide += [b"".join(R.choices([b"a", b"\x00", b"\xd8", b"\xdc", b"\x10", b"\x00\x00"], k=R.randrange(1, 10))) for _ in range(60)]
for b in wide:
    for enc in ENC[1:7]:
        decode(enc, b, "log"); decode(enc, b, R.choice(HANDLERS))
for b in samples[:30]:
    for enc in ["latin-1", "ascii"]:
        decode(enc, b, "log"); decode(enc, b, R.choice(HANDLERS))
escapes = [rb"\x", rb"\x4", rb"\x4g", rb"\u", rb"\u123", rb"\U0011000", rb"\U00110000", rb"\N", rb"\N{", rb"\N{}", rb"\N{DASH", rb"\N{EN DASH}", rb"\N{en dash}", rb"\N{foo}", b"\\", rb"\q\1\18\777\8", b"\\\n a", b"\xe9\\xe9", rb"\ud800\udc00", rb"\U0001f600", rb"\a\b\f\n\r\t\v\'\"\\", rb"\xg\ug\Ug", rb"\u12g4", rb"\N{DIGIT ONE", rb"\\u1234", rb"\\\u1234", rb"a\u0041b\x41c", b"\\\xe9"]
for b in escapes:
    for enc in ENC[9:]:
        decode(enc, b, "log"); decode(enc, b, "replace")
        r = (codecs.unicode_escape_decode if enc[0] == "u" else codecs.raw_unicode_escape_decode)(b, "replace", False)
        put("partial", enc, b.hex(), esc(r[0]) + f"|{r[1]}")
for b in [b"\xe2\x82", b"\xed\xa0", b"\xf0\x9f\x98", b"\xff", b"\xed", b"a\xe2", b"\xf0\x80", b"a\xe2\x82\xac\xf0", b"\xff\xfe", b"\xff\xfe\x00", b"a\x00\x00\xd8", b"a\x00\x00\xd8\x00", b"\xff\xfe\x00\x00a", b"\xfe\xff\xd8"]:
    for enc, f in [("utf-8", codecs.utf_8_decode), ("utf-16", codecs.utf_16_decode), ("utf-16-le", codecs.utf_16_le_decode), ("utf-16-be", codecs.utf_16_be_decode), ("utf-32", codecs.utf_32_decode)]:
        r = f(b, "replace", False); put("partial", enc, b.hex(), esc(r[0]) + f"|{r[1]}")
b64 = [b"+", b"-", b"A", b"AO", b"AOk", b"2AA", b"2D3eAA", b"/", b"a", b".", b"\xff", b"~", b"!"]
for b in [b"+", b"+-", b"a+AOk-b", b"+AOkgrNg93gA-z", b"+AOl-", b"+2AA-", b"+2ADYAA-", b"+AAAA"] + [b"".join(R.choices(b64, k=R.randrange(1, 8))) for _ in range(120)]:
    decode("utf-7", b, "log"); r = codecs.utf_7_decode(b, "replace", False); put("partial", "utf-7", b.hex(), esc(r[0]) + f"|{r[1]}")
for s in ["a+b", "+", "\xe9-", "\xe9a", "\xe9 ", "~\\", "\U0001f600\u20ac", "\xe9+", "a\tb\r\n\x00", "\xe9/", "\ud800", "\U0001f600"]: encode("utf-7", s, "strict")
for b in [rb"\x", rb"a\xg1", rb"a\x4", b"a\\", rb"\400\777", rb"\q", rb"\a\b\t\n\v\f\r\'\"\\", b"\\\nx", rb"\x41\101\18"]:
    for e in ["strict", "replace", "ignore", "foo"]:
        try: r = codecs.escape_decode(b, e)[0].hex()
        except ValueError as x: r = "!" + esc(str(x))
        put("unescape", e, b.hex(), r)
put("escape", bytes(range(256)).hex(), codecs.escape_encode(bytes(range(256)))[0].hex())
for s in ["\ud800\udc00a", "a\xe9\u20ac\U0001f600z", "\udc80b\ud800\ud801", "\u0152"]:
    for h in HANDLERS + ["log", "xmlcharrefreplace", "namereplace"]: encode("cp1252", s, h)
for h in HANDLERS[:5] + ["log"]: decode("cp1252", b"a\x80\x81\x8d\xff", h)
for f in [lambda: b"a\xff".decode(), lambda: b"a\xe2\x82".decode(), lambda: "a\ud800".encode(), lambda: "\ud800\ud801".encode(), lambda: "\xe9".encode("ascii"), lambda: "a\U0001f600".encode("ascii")]:
    try: f()
    except UnicodeError as e: put("message", e.encoding, e.start, e.end, e.object[e.start] if type(e.object) is bytes else "u%x" % ord(e.object[e.start]), e.reason, esc(str(e)))
texts = ["", "abc", "\ud800\udc00a", "a\xe9\u20ac\U0001f600z", "\udc80b\ud800\ud801", "\udc80\udcff", "\udc80\udcff\ud800", "a\xe9\u20ac\udc80\ud800\U0001f600\x81\u0378z", "\\\n\r\t\x00\x7f\xe9\u20ac\U0001f600'\"", "\uffff\U0010ffff"]
for s in texts:
    for enc in ENC:
        for h in HANDLERS + ["log", "xmlcharrefreplace", "namereplace"]: encode(enc, s, h)
for t in ["", "ab c d", "0", "0g", " 1 2", "12 3", "\xe9", "1\n2\t", "aB", "12\x0034", "12\xa034", "12 34", "\u0661\u0661"]:
    try: r = bytes.fromhex(t).hex()
    except ValueError as e: r = "!" + str(e)
    put("fromhex", esc(t), r)
for n in range(7):
    for g in [0, 1, 2, 3, -1, -2, -3, 9]: put("hex", bytes(range(n)).hex(), g, bytes(range(n)).hex(":", g))
def rnd(alphabet, n): return "".join(R.choices(alphabet, k=R.randrange(n)))
def spans(parts): return ",".join(esc(p).replace(",", "\\2c;") for p in parts) if parts else "none"
for i in range(250):
    a = R.choice(["ab ", "ab", " \t\u2003x", "a\n\r\x0b\x1c\u2028", "\u20aca", "a+-0\t\n"])
    t = rnd(a, 14); sep = "".join(R.choices(a, k=R.randrange(1, 3))); n = R.choice([-1, -1, 0, 1, 2, 3])
    put("split", esc(t), n, spans(t.split(None, n))); put("rsplit", esc(t), n, spans(t.rsplit(None, n)))
    put("splitsep", esc(t), esc(sep), n, spans(t.split(sep, n))); put("rsplitsep", esc(t), esc(sep), n, spans(t.rsplit(sep, n)))
    put("lines", esc(t), 0, spans(t.splitlines())); put("lines", esc(t), 1, spans(t.splitlines(True)))
    put("strip", esc(t), spans([t.strip(), t.lstrip(), t.rstrip()]))
    old = R.choice([sep, "", "a"]); put("replace", esc(t), esc(old), "<\u20ac>" if 0 else "<>", n, esc(t.replace(old, "<>", n)))
    k = R.randrange(0, 10); put("expandtabs", esc(t), k, esc(t.expandtabs(k))); put("zfill", esc(t), k, esc(t.zfill(k))); put("center", esc(t), k, esc(t.center(k, "*")))
    s, e = sorted(R.choices(range(len(t) + 1), k=2)); put("find", esc(t), esc(old), s, e, t.find(old, s, e), ); put("rfind", esc(t), esc(old), s, e, t.rfind(old, s, e)); put("count", esc(t), esc(old), s, e, t.count(old, s, e))
for i in range(60):
    chunks = [rnd("a\r\n", 5) for _ in range(3)]; tr = R.randrange(2)
    d = io.IncrementalNewlineDecoder(None, bool(tr))
    r = [d.decode(c, i == 2) for i, c in enumerate(chunks)]
    seen = d.newlines; seen = () if seen is None else (seen,) if isinstance(seen, str) else seen
    put("newlines", tr, "|".join(map(esc, chunks)), "|".join(map(esc, r)) + "|" + str(("\r" in seen) + 2 * ("\n" in seen) + 4 * ("\r\n" in seen)))
open(__file__.rsplit("/", 1)[0] + "/codecs.txt", "w").write("\n".join(rows) + "\n")
