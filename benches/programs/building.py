"""Build strings by pieces: concatenation, join, StringIO, lists of characters; and take them apart again.

Group: strings
Counted: 2500
"""
import io
import sys


def shift(text, by):
    out = []
    for c in text:
        if "a" <= c <= "z":
            out.append(chr((ord(c) - 97 + by) % 26 + 97))
        else:
            out.append(c)
    return "".join(out)


def runs(text):
    result = ""
    i = 0
    while i < len(text):
        j = i
        while j < len(text) and text[j] == text[i]:
            j += 1
        result += text[i] + str(j - i)
        i = j
    return result


def main(n):
    line = "the quick brown fox jumps over the lazy dog; "
    text = line * (n // len(line) + 1)
    total = len(shift(text, 3)) + shift(text, 5).count("y")
    total += len(runs("aaabccdddd" * (n // 10)))
    stream = io.StringIO()
    for i in range(n):
        stream.write("item ")
        stream.write(str(i & 1023))
        stream.write("\n")
    body = stream.getvalue()
    total += len(body.splitlines()) + sum(len(row) for row in io.StringIO(body))
    page = ""
    for i in range(n):
        page += "<li>" + body[i:i + 4] + "</li>"
    total += len(page) + page.rfind("item")
    table = str.maketrans("aeiou", "AEIOU", "\n")
    total += len(body.translate(table)) + sum(map(str.isdigit, body))
    total += text[::-1].find("xof") + text.title().count("Q") + len(text.strip().encode())
    accents = "äöü€" * (n // 8)
    total += len(accents.encode()) + len(accents.encode().decode()) + accents.count("€") + len(accents.upper())
    return total


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
