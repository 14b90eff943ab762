# Word counts, wrapping, Caesar, run lengths, Levenshtein, palindromes, anagrams, Roman numerals.
TEXT = """The collector walks where counting cannot see.
The counting sees what the collector has not walked;
and what neither sees, neither keeps."""


def wrap(text, width):
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return lines + [line] if line else lines


def caesar(text, k):
    return "".join(chr((ord(c) - base + k) % 26 + base) if c.isalpha() and (base := 65 if c.isupper() else 97) else c for c in text)


def run_length(text):
    out, i = [], 0
    while i < len(text):
        j = i
        while j < len(text) and text[j] == text[i]:
            j += 1
        out.append((text[i], j - i))
        i = j
    return out


def distance(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        previous, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (x != y))
    return row[-1]


def roman(n):
    out = []
    for value, letters in ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        count, n = divmod(n, value)
        out.append(letters * count)
    return "".join(out)


def anagrams(words):
    groups = {}
    for word in words:
        groups.setdefault("".join(sorted(word)), []).append(word)
    return [g for g in groups.values() if len(g) > 1]


counts = {}
for word in TEXT.lower().replace(".", "").replace(";", "").replace(",", "").split():
    counts[word] = counts.get(word, 0) + 1
print(sorted(counts.items(), key=lambda kv: (-kv[1], kv[0]))[:6])
for line in wrap(TEXT, 30):
    print(f"|{line:<30}|{line:^34}|{line:>32}|")
print(caesar("Hello, World!", 3), caesar(caesar("Hello, World!", 3), -3))
print(run_length("aaabccd"), "".join(f"{c}{n}" for c, n in run_length("wwwwwbbbw")))
print(distance("kitten", "sitting"), distance("", "abc"), distance("same", "same"))
print([roman(n) for n in (1, 4, 9, 14, 40, 90, 400, 1994, 2026, 3999)])
print(anagrams("listen silent enlist google elgoog cat act dog".split()))
print([w for w in "level noon word radar Was".split() if w.lower() == w.lower()[::-1]])
print(" ".join(w[::-1] for w in "abc def".split()), "".join(sorted(set("mississippi"))), "hello world".title().swapcase())
table = [("name", "qty", "price"), ("apple", 3, 0.5), ("melon", 12, 2.25)]
widths = [max(len(str(row[i])) for row in table) for i in range(3)]
for row in table:
    print(" | ".join(str(x).ljust(w) if isinstance(x, str) else str(x).rjust(w) for x, w in zip(row, widths)))
