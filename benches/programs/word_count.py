"""Count words, letters and pairs in a made-up text; wrap it; look for anagrams; distances between words.

Group: text processing
Counted: 1200
"""
import collections
import sys
import textwrap

STEMS = "river stone cloud garden window silver winter letter market candle forest bridge".split()
ENDS = ["", "s", "ed", "ing", "like"]


def compose(n):
    seed = 7
    words = []
    for _ in range(n):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        word = STEMS[(seed >> 8) % len(STEMS)] + ENDS[(seed >> 16) % len(ENDS)]
        words.append(word.capitalize() + "," if seed % 11 == 0 else word + "." if seed % 13 == 0 else word)
    return " ".join(words)


def distance(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        diagonal, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (x != y))
    return row[-1]


def main(n):
    text = compose(n)
    counts = collections.Counter()
    anagrams = {}
    for token in text.split():
        word = token.strip(".,;").lower()
        counts[word] += 1
        anagrams.setdefault("".join(sorted(word)), set()).add(word)
    letters = {}
    for letter in text:
        if letter.isalpha():
            letters[letter.lower()] = letters.get(letter.lower(), 0) + 1
    words = [word.strip(".,") for word in text.split(" ")]
    pairs = collections.Counter(zip(words, words[1:]))
    total = sum(count * len(word) for word, count in counts.most_common(20)) + len(anagrams) + max(letters.values())
    total += pairs.most_common(1)[0][1] + sum(map(len, textwrap.wrap(text[: 2 * n], 60)))
    vocabulary = sorted(counts)
    for word in vocabulary[: n // 500 + 2]:
        total += min(distance(word, other) for other in vocabulary if other != word)
    for sentence in text.split("."):
        total += len(sentence.title().swapcase().replace("ing", "ed").center(80))
    return total


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 250_000))
