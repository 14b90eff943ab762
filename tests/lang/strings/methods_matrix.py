# modes: auto, off
# Methods of str and bytes over a grid of texts and arguments, folded into one digest for each method and shown where small.
import hashlib, itertools
texts = ["", "a", "A", "ab", "aBc", " a b ", "a\tb\n", "aaa", "abab", "ß", "ǅ", "İ", "ﬁ", "Σας", "ñ", "n\u0303", "日本", "\U0001f40d", "1", "½", "²", "٣", "a-b_c", "don't stop", "\x1c\x85\u2028x", "a,b,,c", "+1", "-01", "x" * 5, "\u0130\u0131", "Ab1", "ａ"]
parts = ["", "a", "b", "ab", "aa", " ", "\n", "日", "\U0001f40d", ",", "x"]
numbers = [None, 0, 1, 2, -1, -2, 5, 100, -100]
def digest(items):
    text = "|".join(ascii(i) for i in items)
    return hashlib.sha256(text.encode()).hexdigest()[:12] + f" {len(items)}"
def attempt(f, *args):
    try: return f(*args)
    except Exception as e: return (type(e).__name__, str(e))
for name in "capitalize casefold lower upper title swapcase isalnum isalpha isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper strip lstrip rstrip split rsplit splitlines expandtabs encode".split():
    print(name, digest([attempt(getattr(t, name)) for t in texts]))
print([t.title() for t in texts]); print([t.casefold() for t in texts if not t.isascii()]); print([t.upper() for t in texts if not t.isascii()])
for name in "strip lstrip rstrip split rsplit partition rpartition count find rfind index rindex startswith endswith removeprefix removesuffix join".split():
    print(name, digest([attempt(getattr(t, name), p) for t in texts for p in parts]))
for name in "count find rfind index rindex startswith endswith".split():
    print(name, "bounds", digest([attempt(getattr(t, name), p, a, b) for t in texts[:20] for p in parts for a in numbers for b in numbers]))
print("split limits", digest([attempt(t.split, p, n) for t in texts for p in [None, *parts[1:]] for n in (-1, 0, 1, 2)]))
print("rsplit limits", digest([attempt(t.rsplit, p, n) for t in texts for p in [None, *parts[1:]] for n in (-1, 0, 1, 2)]))
print("replace", digest([attempt(t.replace, p, q, n) for t in texts for p in parts for q in ("", "z", "日本") for n in (-1, 0, 1, 2)]))
print("just", digest([attempt(getattr(t, m), n, c) for t in texts for m in ("center", "ljust", "rjust") for n in (-1, 0, 3, 6, 7) for c in (" ", "é", "\U0001f40d")]))
print("zfill", digest([t.zfill(n) for t in texts for n in (0, 3, 6)])); print("tabs", digest([t.expandtabs(n) for t in texts + ["a\tbc\td", "\t\t", "a\n\tb"] for n in (-1, 0, 1, 4, 8)]))
print("slices", digest([t[a:b:c] for t in texts[:18] for a in numbers for b in numbers for c in (None, 1, 2, -1, -2)]))
print("compare", digest([(a < b, a == b, a in b) for a in texts for b in texts]))
print("lines", digest([t.splitlines(k) for t in texts + ["a\r\nb\rc\n", "\n\n", "\x0b\x0c\x1d\x1e"] for k in (False, True)]))
print("translate", digest([t.translate({97: None, 98: "日本", 65: 0x1f40d, 32: "_"}) for t in texts]))
bs = [t.encode() for t in texts] + [b"\xff\x00", bytes(range(256))]
bp = [p.encode() for p in parts]
for kind in (bytes, bytearray):
    for name in "capitalize lower upper title swapcase isalnum isalpha isascii isdigit islower isspace istitle isupper strip split rsplit splitlines expandtabs hex".split():
        print(kind.__name__, name, digest([attempt(getattr(kind(b), name)) for b in bs]))
    for name in "strip split rsplit partition rpartition count find rfind index startswith endswith removeprefix removesuffix".split():
        print(kind.__name__, name, digest([attempt(getattr(kind(b), name), p) for b in bs for p in bp]))
    print(kind.__name__, "rest", digest([attempt(kind(b).replace, p, q, n) for b in bs for p in bp for q in (b"", b"zz") for n in (-1, 1)] + [kind(b).zfill(6) for b in bs] + [kind(b)[a:c:d] for b in bs[:10] for a in numbers for c in numbers for d in (None, 2, -1)]))
print("decode", digest([attempt(b.decode, e, h) for b in bs for e in ("utf-8", "ascii", "latin-1", "utf-16", "utf-16-le", "utf-32", "utf-7", "cp1252") for h in ("strict", "replace", "ignore", "backslashreplace", "surrogateescape")]))
print("encode", digest([attempt(t.encode, e, h) for t in texts + ["\ud800x"] for e in ("utf-8", "ascii", "latin-1", "utf-16", "utf-32-be", "utf-7", "cp1252") for h in ("strict", "replace", "ignore", "backslashreplace", "xmlcharrefreplace", "namereplace", "surrogateescape", "surrogatepass")]))
