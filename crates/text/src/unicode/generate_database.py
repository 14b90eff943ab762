"""Writes database_tables.rs from the `unicodedata` of the running CPython (3.14: Unicode 16).

Usage: python3.14 generate_database.py > database_tables.rs
"""
import unicodedata as u
records, index, leaf, numbers, tags = [], {}, [], [], [""]
BIDI = sorted({u.bidirectional(chr(i)) for i in range(0x110000)})
WIDTH = sorted({u.east_asian_width(chr(i)) for i in range(0x110000)})
decompositions, data = [], []
for cp in range(0x110000):
    c = chr(cp)
    n = u.numeric(c, None)
    if n is not None and n not in numbers: numbers.append(n)
    r = (u.combining(c), BIDI.index(u.bidirectional(c)), u.mirrored(c), WIDTH.index(u.east_asian_width(c)),
         0 if n is None else numbers.index(n) + 1)
    if r not in index:
        index[r] = len(records); records.append(r)
    leaf.append(index[r])
    # Hangul syllables are decomposed by arithmetic.
    d = [] if 0xAC00 <= cp < 0xD7A4 else u.decomposition(c).split()
    if d:
        tag = d.pop(0) if d[0][0] == "<" else ""
        if tag not in tags: tags.append(tag)
        decompositions.append((cp, tags.index(tag), len(data), len(d)))
        data += [int(x, 16) for x in d]
pairs = []
for cp, tag, at, n in decompositions:
    if tag == 0 and n == 2:
        a, b = data[at:at + 2]
        if u.normalize("NFC", chr(a) + chr(b)) == chr(cp): pairs.append((a, b, cp))
SHIFT = 7
blocks, places, top = [], {}, []
for i in range(0, 0x110000, 1 << SHIFT):
    b = tuple(leaf[i:i + (1 << SHIFT)])
    if b not in places:
        places[b] = len(blocks); blocks.append(b)
    top.append(places[b])
def out(name, typ, items, per):
    print(f"\npub(super) static {name}: [{typ}; {len(items)}] = [")
    for i in range(0, len(items), per): print("    " + ", ".join(items[i:i + per]) + ",")
    print("];")
print("//! Normalisation data and the rarer character properties, written by `generate_database.py`. The")
print("//! only invariant: do not edit by hand.")
print(f"\npub(super) const SHIFT: u32 = {SHIFT};")
out("BIDI", "&str", [f'"{x}"' for x in BIDI], 12)
out("WIDTHS", "&str", [f'"{x}"' for x in WIDTH], 12)
out("TAGS", "&str", [f'"{x}"' for x in tags], 8)
out("NUMBERS", "f64", [repr(x) for x in numbers], 10)
out("RECORDS", "(u8, u8, bool, u8, u16)", [f"({a}, {b}, {str(bool(c)).lower()}, {d}, {e})" for a, b, c, d, e in records], 5)
out("TOP", "u16", list(map(str, top)), 24)
out("LEAVES", "u16", [str(x) for b in blocks for x in b], 24)
out("DECOMPOSITIONS", "(u32, u8, u16, u8)", [f"({a}, {b}, {c}, {d})" for a, b, c, d in decompositions], 6)
out("DATA", "u32", list(map(str, data)), 18)
out("PAIRS", "(u32, u32, u32)", [f"({a}, {b}, {c})" for a, b, c in sorted(pairs)], 6)
