"""A full-text index: tokenise files, build an inverted index, answer ranked queries.

    taipan examples/fulltext.py PATH... -- WORD...        rank the files under PATH for the words
    taipan examples/fulltext.py examples/data/corpus -- memory collector
    taipan examples/fulltext.py /usr/lib/python3.14 -- weak reference

Files are scanned by hand, one character class at a time. A posting list per term keeps (document, count) in the order
of the documents; documents are ranked by TF-IDF with cosine length normalisation. Words in one query are independent;
a word that starts with `+` must be present, one that starts with `-` must not. It is just as happy with a thousand
files as with six: try it on the standard library's sources.
"""
import math
import os
import sys

SUFFIXES = (".txt", ".py", ".md")
STOP_WORDS = frozenset("a an and are as at be but by for from has in is it its of on or that the to was when with".split())


def find_files(paths):
    """Every readable text file under the paths, in a stable order."""
    for path in paths:
        if not os.path.isdir(path):
            yield path
            continue
        for name in sorted(os.listdir(path)):
            child = os.path.join(path, name)
            if os.path.isdir(child) or child.endswith(SUFFIXES):
                yield from find_files([child])


def words(text):
    """The words of a text in lower case: runs of letters and digits, with apostrophes inside."""
    start = None
    for i, c in enumerate(text):
        inside = c.isalnum() or (c == "'" and start is not None and text[i + 1:i + 2].isalpha())
        if inside:
            if start is None:
                start = i
        elif start is not None:
            yield text[start:i].lower()
            start = None
    if start is not None:
        yield text[start:].lower()


def stem(word):
    """Cut the commonest English endings, so that collecting, collected and collects meet."""
    for ending, shortest in (("ational", 3), ("ings", 4), ("ing", 4), ("ies", 3), ("ed", 4), ("es", 4), ("s", 4), ("ly", 4)):
        if word.endswith(ending) and len(word) - len(ending) >= shortest:
            word = word[: -len(ending)]
            break
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


class Document:
    __slots__ = ("path", "length", "size", "lines")

    def __init__(self, path, text):
        self.path = path
        self.size = 0
        self.length = 0.0
        self.lines = text.splitlines()


class Index:
    def __init__(self):
        self.documents = []
        self.postings = {}
        self.total_words = 0

    def add(self, path, text):
        number = len(self.documents)
        document = Document(path, text)
        self.documents.append(document)
        counts = {}
        for word in words(text):
            document.size += 1
            if word not in STOP_WORDS:
                term = stem(word)
                counts[term] = counts.get(term, 0) + 1
        for term, count in counts.items():
            self.postings.setdefault(term, []).append((number, count))
        self.total_words += document.size

    def finish(self):
        """Work out every document's length as a vector of weights."""
        squares = [0.0] * len(self.documents)
        for term, posting in self.postings.items():
            rarity = self.rarity(term)
            for number, count in posting:
                squares[number] += self.weight(count, rarity) ** 2
        for document, square in zip(self.documents, squares):
            document.length = math.sqrt(square) or 1.0

    def rarity(self, term):
        return math.log(1 + len(self.documents) / len(self.postings[term]))

    @staticmethod
    def weight(count, rarity):
        return (1 + math.log(count)) * rarity

    def search(self, query):
        """Ranked (score, document) pairs, best first; ties in document order."""
        scores = {}
        required, banned = [], set()
        for word in query:
            sign = word[0] if word[0] in "+-" else ""
            posting = self.postings.get(stem(word.lstrip("+-").lower()), [])
            if sign == "-":
                banned.update(number for number, _ in posting)
                continue
            if sign == "+":
                required.append({number for number, _ in posting})
            if posting:
                rarity = self.rarity(stem(word.lstrip("+").lower()))
                for number, count in posting:
                    scores[number] = scores.get(number, 0.0) + self.weight(count, rarity) * rarity
        hits = [(score / self.documents[number].length, number) for number, score in scores.items()
                if number not in banned and all(number in wanted for wanted in required)]
        hits.sort(key=lambda hit: (-hit[0], hit[1]))
        return [(score, self.documents[number]) for score, number in hits]

    def commonest(self, n):
        totals = [(sum(count for _, count in posting), term) for term, posting in self.postings.items()]
        totals.sort(key=lambda pair: (-pair[0], pair[1]))
        return totals[:n]


def snippet(document, terms, width=100):
    """The first line with the most different query terms, with those terms in capitals."""
    best, best_line = 0, ""
    for line in document.lines:
        found = {stem(word) for word in words(line)} & terms
        if len(found) > best:
            best, best_line = len(found), line.strip()
    marked = []
    for word in best_line.split():
        core = "".join(words(word))
        marked.append(word.upper() if stem(core) in terms else word)
    text = " ".join(marked)
    return text if len(text) <= width else text[: width - 3] + "..."


def report(index, query):
    print("query:", " ".join(query))
    hits = index.search(query)
    if not hits:
        print("  nothing found")
    terms = {stem(word.lstrip("+").lower()) for word in query if not word.startswith("-")}
    for rank, (score, document) in enumerate(hits[:5], 1):
        print(f"  {rank}. {score:7.4f}  {document.path}")
        print(f"     {snippet(document, terms)}")
    if len(hits) > 5:
        print(f"  and {len(hits) - 5} more")


def main():
    arguments = sys.argv[1:]
    if "--" not in arguments:
        sys.exit(__doc__)
    split = arguments.index("--")
    index = Index()
    for path in find_files(arguments[:split]):
        try:
            with open(path, encoding="utf-8") as file:
                index.add(path, file.read())
        except (OSError, UnicodeDecodeError) as error:
            print(f"skipped {path}: {type(error).__name__}")
    index.finish()
    print(f"{len(index.documents)} documents, {index.total_words} words, {len(index.postings)} terms")
    print("commonest:", ", ".join(f"{term} {count}" for count, term in index.commonest(6)))
    query = []
    for word in arguments[split + 1:] + ["--"]:
        if word != "--":
            query.append(word)
        elif query:
            report(index, query)
            query = []


if __name__ == "__main__":
    main()
