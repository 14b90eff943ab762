# Case mappings and classes of letters outside ASCII.
for s in ("é", "ß", "ŉ", "Σ", "ΑΣ", "ǆ", "ﬁ", "İ", "ı", "中", "٣", "²", "Ⅷ", "ª", "ⓐ", "𝐀", "😀", "\u0301", "\u200b", "\xa0", "\u3000", "_", "º"):
    print(ascii(s), ascii(s.upper()), ascii(s.lower()), ascii(s.title()), ascii(s.casefold()), ascii(s.swapcase()), s.isalpha(), s.isdigit(), s.isdecimal(), s.isnumeric(), s.isspace(), s.isupper(), s.islower(), s.isidentifier(), s.isprintable())
print("ὈΔΥΣΣΕΎΣ".lower(), "straße".upper(), "hello wORLD".title(), "they're bill's".title(), "éCOLE".capitalize(), "ǆabc".capitalize())
été = "identifier with accents"
print(été, "\N{LATIN SMALL LETTER E WITH ACUTE}", "\N{GREEK SMALL LETTER ALPHA}", "e\u0301" == "é", len("e\u0301"))
ﬁ = 1
print("fi" in globals())
print(int("٣٤"), float("٣.٥"), "٣".isdigit(), "x".isidentifier(), "9x".isidentifier(), "é9".isidentifier())
print(sorted(["é", "e", "z", "a", "É", "中"]), "a\u2028b".splitlines(), "a\x1cb".split(), "\u3000x\u3000".strip(), "x".join("中文"))
