# Sets and case-insensitive matching over texts of every width, in Unicode, ASCII and locale mode.
import re

TEXTS = ["aAzZ_09 \n\t-^]", "éÉßẞſsSkK\u212a", "жЖΩωσςΣǅǆǄİıIi", "\U00010400\U00010428 a\u2028\x85\x1c\u0663"]
SETS = ["[a-z]", "[^a-z]", "[k-s]", "[^k-s]", r"\w", r"\W", r"\d", r"\D", r"\s", r"\S", r"[\w\s]", r"[^\w\s]", "[é-ж]", "[^é-ж]",
    "[\U00010400-\U00010420]", "[^\U00010400-\U00010420]", "[s\u0436k]", "[ǅı]", "k", "[^s]", "ß", "\u0399", "σ", "i", "İ", "[a-ce-gi-km-oq-su-w]",
    "[а-яa-eg-iΑ-Ω]", r"[\s\S]", r"[^\s\S]", ".", r"\b", r"\B", "(?i:s)S", "(?-i:s)", "(?s:.)+?$", "(?a:[\\w])", r"[\d\-x]", r"[]-]", "[^^]"]
for pattern in SETS:
    for flags in (0, re.I, re.A, re.I | re.A):
        print(ascii(pattern), flags, [[m.start() for m in re.finditer(pattern, text, flags)] for text in TEXTS])
TEXT = bytes(range(32, 127)) + b"\xe9\xc9\n"
for pattern in (b"[^k-s]", b"[a-c]", b"[^\\sx]", b"q", b"[^q]", b"\\w", b"\\W", b"\\b", b"(q)(?i:\\1)", b"[\x80-\xff]"):
    for flags in (0, re.I, re.L, re.I | re.L):
        print(pattern, flags, [m.span() for m in re.finditer(pattern, TEXT, flags)])
for pattern in (r"(ß)\1", r"(k)\1", r"(σ)\1", r"(é)\1", "(ab)\\1"):
    for flags in (re.I, re.I | re.A):
        print(ascii(pattern), [bool(re.match(pattern, text, flags)) for text in ("ßß", "ßẞ", "kK", "k\u212a", "σς", "σΣ", "éÉ", "abAB", "ab")])
