"""Regular expressions as a scanner of a small language, and patterns that backtrack, look around and refer back.

Group: regular expressions
Counted: 60
"""
import re
import sys

TOKEN = re.compile(r"""
    (?P<space>\s+) | (?P<comment>\#[^\n]*) | (?P<number>\d+(?:\.\d+)?) | (?P<name>[^\W\d]\w*)
    | (?P<text>"(?:[^"\\]|\\.)*") | (?P<operator>[-+*/=<>!]=?|[(){};,])
""", re.X)
SOURCE = '''
let width = 10.5; # a comment here
fn area(w, h) { return w * h; }
if width >= 3 { print("the \\"area\\" is", area(width, 4)); }
while total != 0 { total = total - step_2; }
'''
HARD = [
    re.compile(r"(\w+) \1"), re.compile(r"(?<=let )\w+(?= =)"), re.compile(r"\b(?:w\w*h|t\w*l)\b"),
    re.compile(r"(a|b|ab)*c"), re.compile(r"[^;{}]*;"), re.compile(r"(?:x+x+)+y"), re.compile(r"\w+?\s*?=\s*(.+?);"),
]


def main(n):
    total = 0
    names = {}
    for _ in range(n):
        position = 0
        while found := TOKEN.match(SOURCE, position):
            kind = found.lastgroup
            position = found.end()
            if kind == "name":
                names[found.group()] = names.get(found.group(), 0) + 1
            elif kind not in ("space", "comment"):
                total += len(found.group())
    text = SOURCE * 4 + "say say abababababc xxxxxxxxx " + SOURCE
    for _ in range(n // 4 + 1):
        for pattern in HARD:
            for found in pattern.finditer(text):
                total += found.end() - found.start()
    for i in range(n // 10 + 1):
        total += re.compile("(%d|x{%d})[a-f]+" % (i, i % 9 + 1)).groups
        total += len(re.escape(SOURCE[: i % 40]))
    return total + sum(names.values())


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
