"""Writes old_tables.rs: what Unicode 3.2 says otherwise than today's tables, from the `unicodedata` of the running CPython.

Usage: python3.14 generate_old.py > old_tables.rs
"""
import unicodedata as now
old = now.ucd_3_2_0
unassigned, changes, normal = [], [], []
for cp in range(0x110000):
    c = chr(cp)
    if old.category(c) == "Cn":
        if now.category(c) == "Cn":
            continue
        if unassigned and unassigned[-1][1] == cp - 1:
            unassigned[-1][1] = cp
        else:
            unassigned.append([cp, cp])
        continue
    def other(f):
        return f(old)(c) if f(old)(c) != f(now)(c) else ""
    row = [other(lambda u: u.category), other(lambda u: u.bidirectional), other(lambda u: u.east_asian_width)]
    mirrored = old.mirrored(c) if old.mirrored(c) != now.mirrored(c) else -1
    decimal = old.decimal(c, -1) if old.decimal(c, -1) != now.decimal(c, -1) else -2
    numeric = old.numeric(c, None)
    numeric = "Same" if numeric == now.numeric(c, None) else "Nothing" if numeric is None else f"Is({numeric!r})"
    if any(row) or mirrored != -1 or decimal != -2 or numeric != "Same":
        changes.append((cp, row, mirrored, decimal, numeric))
    d = old.normalize("NFD", c)
    if d != now.normalize("NFD", c):
        normal.append((cp, ord(d)))
def out(name, typ, items, per):
    print(f"\npub(super) static {name}: [{typ}; {len(items)}] = [")
    for i in range(0, len(items), per):
        print("    " + ", ".join(items[i:i + per]) + ",")
    print("];")
print("//! Where Unicode 3.2 differs, written by `generate_old.py`. The only invariant: do not edit by hand.")
print("\nuse super::old::{Change, Numeric::{Is, Nothing, Same}};")
out("UNASSIGNED", "(u32, u32)", [f"({a}, {b})" for a, b in unassigned], 8)
out("CHANGES", "Change", ['Change(%d, "%s", "%s", "%s", %d, %d, %s)' % (cp, *row, m, d, n) for cp, row, m, d, n in changes], 3)
out("CORRECTIONS", "(u32, u32)", [f"({a}, {b})" for a, b in normal], 8)
