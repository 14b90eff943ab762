"""Writes tables.rs from the character properties of the running CPython (3.14: Unicode 16).

Usage: python3.14 generate.py > tables.rs
"""
import sys, unicodedata
CATS = ["Cc", "Cf", "Cn", "Co", "Cs", "Ll", "Lm", "Lo", "Lt", "Lu", "Mc", "Me", "Mn", "Nd", "Nl", "No", "Pc", "Pd",
        "Pe", "Pf", "Pi", "Po", "Ps", "Sc", "Sk", "Sm", "So", "Zl", "Zp", "Zs"]
FLAGS = ["ALPHA", "DECIMAL", "DIGIT", "NUMERIC", "SPACE", "LOWER", "UPPER", "TITLE", "XID_START", "XID_CONTINUE",
         "PRINTABLE", "LINE_BREAK", "CASED", "CASE_IGNORABLE"]
extended = []
def mapping(c, s):
    """The distance of a one-character mapping, or a place in the table of longer ones."""
    if len(s) == 1: return ord(s) - ord(c)
    t = tuple(map(ord, s)) + (0,) * (3 - len(s))
    if t not in extended: extended.append(t)
    return 0x200000 + extended.index(t)
records, index, leaf = [], {}, []
for cp in range(0x110000):
    c = chr(cp)
    cased = (c + "a").title()[-1] == "a"
    last = (("1" if cased else "A") + c + "\u03a3").lower()[-1]
    ignorable = last == ("\u03c3" if cased else "\u03c2")
    tests = [c.isalpha(), c.isdecimal(), c.isdigit(), c.isnumeric(), c.isspace(), c.islower(), c.isupper(),
             unicodedata.category(c) == "Lt", c.isidentifier(), ("a" + c).isidentifier(), c.isprintable(),
             len(("a" + c + "b").splitlines()) == 2, cased, ignorable]
    flags = sum(1 << i for i, t in enumerate(tests) if t)
    r = (flags, CATS.index(unicodedata.category(c)), unicodedata.digit(c, 255),
         mapping(c, c.upper()), mapping(c, c.lower()), mapping(c, c.title()), mapping(c, c.casefold()))
    if r not in index:
        index[r] = len(records); records.append(r)
    leaf.append(index[r])
SHIFT = 6
blocks, places, top = [], {}, []
for i in range(0, 0x110000, 1 << SHIFT):
    b = tuple(leaf[i:i + (1 << SHIFT)])
    if b not in places:
        places[b] = len(blocks); blocks.append(b)
    top.append(places[b])
def out(name, typ, items, per):
    print(f"\n/// Generated.\npub(super) static {name}: [{typ}; {len(items)}] = [")
    for i in range(0, len(items), per): print("    " + ", ".join(items[i:i + per]) + ",")
    print("];")
print("//! Character properties, written by `generate.py`. The only invariant: do not edit by hand.")
print("\nuse super::Record;")
print(f"\n/// The version of the Unicode database.\npub const UNICODE_VERSION: &str = \"{unicodedata.unidata_version}\";")
print(f"\npub(super) const SHIFT: u32 = {SHIFT};")
for i, f in enumerate(FLAGS): print(f"pub(super) const {f}: u16 = 1 << {i};")
print("\n/// General categories by number.\npub(super) static CATEGORIES: [&str; %d] = [%s];" % (len(CATS), ", ".join(f'"{c}"' for c in CATS)))
out("RECORDS", "Record", [f"Record::new({a}, {b}, {c}, [{d}, {e}, {f}, {g}])" for a, b, c, d, e, f, g in records], 2)
out("TOP", "u16", list(map(str, top)), 24)
out("LEAVES", "u16", [str(x) for b in blocks for x in b], 24)
out("EXTENDED", "[u32; 3]", [f"[{a}, {b}, {c}]" for a, b, c in extended], 5)
