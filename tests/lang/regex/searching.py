# Where searches begin and end: literal prefixes, first sets, anchors, positions, empty matches, lookbehind at the edges.
import re

for pattern in ("abac", "aab", "a", "abcab(?:d|e)", "(ab)(ac)", "[bc]d", "a|bc|d", "^a", r"\Aa", "(?m)^a", "a$", "(?m)a$", r"a\Z", "", "a*", "a*?", "(?=a)", "(?<=a)", "(?<!a)",
    r"\b", r"\B", ".{3}", "(?s).{3}", "a.*?c", "a.*c", "[^a]*a", r"\w+", r"\W*\w", "(?:a|b)c?", "(?<=^)a", "(?<=ab)a", "(?i)ABAC", "ж", "a{0}b", "(^a|b)", "x?$"):
    compiled = re.compile(pattern)
    for text in ("", "a", "ababac", "aaab\nabcabd\n", "xжababacж", "a\U0001f600bcd"):
        print(ascii(pattern), ascii(text), [m.span() for m in compiled.finditer(text)], *(
            found and found.span() for found in (compiled.search(text, 1), compiled.search(text, 2, 4), compiled.match(text, 1), compiled.fullmatch(text, 1, 3), compiled.search(text, 9, 3))))
        print(ascii(compiled.sub("-", text)), [ascii(part) for part in compiled.split(text)])
