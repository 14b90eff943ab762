# Repetitions of what can match nothing: they end, keep within their bounds, and set groups as the reference does.
import re


def show(pattern, text, flags=0):
    found = []
    for how in (re.match, re.fullmatch, re.search):
        match = how(pattern, text, flags)
        found.append(match and (match.span(), match.groups(), match.lastindex))
    print(pattern, ascii(text), *found, [m.span() for m in re.finditer(pattern, text, flags)])


show(r"(?:x|)+?y", "x")
show(r"(?:(?:ab)?){1,3}?", "abababab")
for quantifier in ("*", "+", "?", "{2}", "{2,}", "{1,3}", "{0,2}", "{3}"):
    for kind in ("", "?", "+"):
        for body in ("", "x?", "x|", "|x", "(x)?", "(x|)", "(?:ab)?", "(a?)(b?)", "(?=(x))", r"\b", "(x?)*", "(?:x*?)", "(x)|(y)|"):
            show(f"(?:{body}){quantifier}{kind}y", "xxy")
            show(f"({body}){quantifier}{kind}", "abx")
