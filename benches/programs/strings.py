"""Strings: building, splitting, joining, searching, formatting, slicing.

Group: strings
Counted: 12000
"""
import sys


def main(n):
    words = []
    for i in range(n):
        words.append("w%dx" % (i % 1000) if i & 1 else f"v{i % 500}:{i & 15:02x}")
    text = " ".join(words)
    parts = text.split(" ")
    total = len(parts)
    for word in parts:
        if word.startswith("w"):
            total += len(word.upper())
        elif ":" in word:
            left, _, right = word.partition(":")
            total += int(right, 16) + len(left[1:])
    total += text.count("w7") + text.find("v499")
    swapped = text.replace("x", "--")
    total += len(swapped)
    accumulated = ""
    for i in range(n // 4):
        accumulated += chr(97 + i % 26)
    for c in accumulated:
        if c == "q":
            total += 1
    return total


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000_000))
