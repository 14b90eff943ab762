"""Write library.json, the data of json_tool.py: an invented library with books, members and loans.

    python3 examples/data/make_library.py > examples/data/library.json

The numbers come from a small linear congruential generator, so the file is always the same.
"""
SURNAMES = "Almeida Bergström Czerny Dąbrowski Eriksen Fournier Grünwald Horváth Ivanova Jónsson Kowalczyk Łukasik Müller Novák Østergaard".split()
NAMES = "Ada Bruno Clara Dmitri Elif Farid Greta Hiro Ines Jamal Kaya Lev Maja Noor".split()
ADJECTIVES = "Quiet Long Hidden Northern Broken Second Patient Burning Small Last".split()
NOUNS = "Harbour Index Winter Ledger Garden Machine River Orchard Lantern Archive".split()
SUBJECTS = ["history", "poetry", "mathematics", "gardening", "ships", "memory", "cooking", "maps"]
state = 2026


def pick(items):
    global state
    state = (state * 1103515245 + 12345) % 2**31
    return items[(state >> 12) % len(items)]


def quote(text):
    """A JSON string; every third one spells its non-ASCII letters as escapes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    if pick(range(3)):
        return f'"{escaped}"'
    return '"' + "".join(c if c < "\x7f" else f"\\u{ord(c):04x}" for c in escaped) + '"'


def book(number):
    title = f"The {pick(ADJECTIVES)} {pick(NOUNS)}"
    if number % 7 == 0:
        title = f'"{title}"\tand other stories'
    price = f"{pick(range(5, 60))}.{pick(range(10))}5" if number % 5 else f"{pick(range(1, 9))}.5e{pick(range(2))}"
    authors = ", ".join(quote(f"{pick(NAMES)} {pick(SURNAMES)}") for _ in range(pick((1, 1, 1, 2, 3))))
    subjects = ", ".join(f'"{s}"' for s in sorted({pick(SUBJECTS) for _ in range(pick((1, 2, 3)))}))
    return (f'    {{"id": {number}, "title": {quote(title)}, "authors": [{authors}], "year": {pick(range(1890, 2026))}, '
            f'"price": {price}, "subjects": [{subjects}], "lost": {pick(("false", "false", "false", "true"))}, '
            f'"note": {quote("torn page" + chr(10) + "replaced") if number % 11 == 0 else "null"}}}')


def member(number, books):
    loans = ", ".join(f'{{"book": {pick(range(1, books + 1))}, "day": {pick(range(1, 366))}, "fee": {pick((0, 0, "0.5", "-0", "1E+1"))}}}'
                      for _ in range(pick(range(5))))
    return f'    {{"name": {quote(pick(NAMES) + " " + pick(SURNAMES))}, "since": {pick(range(1990, 2026))}, "loans": [{loans}]}}'


def main(books=170, members=90):
    print("{")
    print('  "name": "The Library at the End of the Line",\n  "unicode": "caf\\u00e9 \\u4e2d\\u6587 \\ud83d\\ude00 \\/ 中文 😀",')
    print(f'  "limits": {{"largest": {2**64}, "smallest": -1.5e-7, "zero": 0, "none": null, "empty": [[], {{}}, ""]}},')
    print('  "books": [\n' + ",\n".join(book(n) for n in range(1, books + 1)) + "\n  ],")
    print('  "members": [\n' + ",\n".join(member(n, books) for n in range(members)) + "\n  ]\n}")


main()
