"""Look at the memory of a running program from outside its heap.

    areas()         where the bytes are: code, variables, heap, free, stack
    census()        every object, by type, generation and age
    why(object)     shortest paths from the roots: why is it still alive?
    balance(object) its reference count, accounted for
    garbage()       what is unreachable but not collected yet
    snapshot()      all objects of a moment: retained sizes, differences, exports
    trim()          give free memory back to the system

While it looks, memscope takes no references, collects nothing and makes no objects; what it
returns is made when the answer is complete. Sizes are in bytes and times in seconds; printing
an answer shows a table with readable units.

    taipan -m memscope PROG.py args...

runs a program and reports on its memory at the end.
"""

from _memscope import (Snapshot, areas, balance, census, collector, garbage, snapshot, trim, why)

__all__ = ["areas", "census", "why", "balance", "garbage", "snapshot", "trim", "collector", "export",
           "Snapshot", "Areas", "Census", "Why", "Balance", "Garbage", "Difference", "human", "table"]


def human(size):
    """A number of bytes in a readable unit."""
    sign, size = ("-", -size) if size < 0 else ("", size)
    if size < 1024:
        return f"{sign}{size} B"
    for unit in ("KiB", "MiB", "GiB", "TiB"):
        size /= 1024
        if size < 999.5 or unit == "TiB":
            return f"{sign}{size:.{1 if size < 99.95 else 0}f} {unit}"


def table(heads, rows):
    """Text of a table: a tuple of headings, and rows of texts; all columns but the first are set to the right."""
    rows = [heads, *rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(heads))]
    lines = []
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:]))]
        lines.append("  " + "  ".join(cells).rstrip())
    return "\n".join(lines)


class _Answer:
    """What memscope found; the fields are those named in __slots__."""

    __slots__ = ()

    def __init__(self, *fields):
        for name, field in zip(self.__slots__, fields, strict=True):
            setattr(self, name, field)


class Areas(_Answer):
    """Where the bytes of the heap are.

    rows            tuples (area, part, count, bytes)
    in_use          bytes of objects and what belongs to them; what a limit is compared with
    native          of these, bytes that native code holds at the moment for no object
    charged         of these, bytes that lie outside the heap's pages (digits of big ints, in-memory files)
    overhead        bytes of page heads and of ends of pages that no block fits
    committed       bytes taken from the system
    reserved        bytes of address space reserved
    sparse          bytes of free blocks in pages less than half full: what fragmentation costs
    peak            the most bytes that were committed at one time
    limit           the limit on in_use, or None

    code + variables + heap + native == in_use
    in_use - charged + free + overhead == committed
    """

    __slots__ = ("rows", "in_use", "native", "charged", "overhead", "committed", "reserved", "sparse", "peak", "limit")

    def __getitem__(self, area):
        """The count and the bytes of an area, or of one of its parts."""
        found = [(count, size) for name, part, count, size in self.rows if area in (name, part)]
        if not found:
            raise KeyError(area)
        return sum(count for count, _ in found), sum(size for _, size in found)

    def __repr__(self):
        rows = []
        for area in dict.fromkeys(row[0] for row in self.rows):
            parts = [row for row in self.rows if row[0] == area]
            count, size = self[area]
            rows.append((area, f"{count:,}", human(size)))
            if len(parts) > 1:
                rows += [("  " + part, f"{count:,}" if count else "", human(size)) for _, part, count, size in parts]
        lines = [table(("area", "count", "bytes"), rows), ""]
        lines.append(f"  in use {human(self.in_use)}" + (f" of {human(self.limit)} allowed" if self.limit else "")
                     + f", committed {human(self.committed)}, at most {human(self.peak)}")
        if self.charged:
            lines.append(f"  of that {human(self.charged)} outside the pages")
        lines.append(f"  overhead {human(self.overhead)}, free in sparse pages {human(self.sparse)}")
        return "\n".join(lines)


class Census(_Answer):
    """Every object, counted.

    rows    tuples (type, generation, age, count, bytes, retained), most bytes first
    in_use  bytes in use; the sum over the rows plus native
    native  bytes that native code holds at the moment for no object
    """

    __slots__ = ("rows", "in_use", "native")

    def by_type(self):
        """A list of (type, count, bytes, retained), most bytes first; retained is None unless it was asked for."""
        sums = {}
        for kind, _, _, count, size, retained in self.rows:
            before = sums.get(kind, (0, 0, 0))
            sums[kind] = before[0] + count, before[1] + size, retained
        return sorted(((kind, *row) for kind, row in sums.items()), key=lambda row: (-row[2], row[0]))

    def by_generation(self):
        """A dict of (count, bytes) by generation; None stands for objects that the collector need not look at."""
        sums = {}
        for _, generation, _, count, size, _ in self.rows:
            before = sums.get(generation, (0, 0))
            sums[generation] = before[0] + count, before[1] + size
        return sums

    def by_age(self):
        """A dict of (count, bytes) by the number of snapshots that have seen the objects."""
        sums = {}
        for _, _, age, count, size, _ in self.rows:
            before = sums.get(age, (0, 0))
            sums[age] = before[0] + count, before[1] + size
        return sums

    def text(self, limit=15):
        """A table of the first types."""
        types = self.by_type()
        retained = bool(types) and types[0][3] is not None
        rows = [(kind, f"{count:,}", human(size), human(size // count)) + ((human(kept),) if retained else ())
                for kind, count, size, kept in types[:limit]]
        if len(types) > limit:
            rest = types[limit:]
            count, size = sum(row[1] for row in rest), sum(row[2] for row in rest)
            rows.append((f"{len(rest)} other types", f"{count:,}", human(size), human(size // count))
                        + (("",) if retained else ()))
        return table(("type", "count", "bytes", "each") + (("retained",) if retained else ()), rows)

    def __repr__(self):
        names = {None: "not tracked", 0: "young", 1: "middle", 2: "old", 3: "frozen"}
        sums = self.by_generation()
        rows = [(names[which], f"{sums[which][0]:,}", human(sums[which][1])) for which in names if which in sums]
        return self.text() + "\n\n" + table(("generation", "count", "bytes"), rows)


def _step(kind, name):
    if kind in ("attribute", "local", "cell", "internal"):
        return f"{kind} {name}"
    if kind == "index":
        return f"index [{name}]"
    if kind == "key":
        return f"key (entry {name})"
    if kind == "value":
        return f"value of [{name}]"
    if kind == "global":
        return f"global {name}"
    return "class"


class Why(_Answer):
    """Why an object is alive.

    subject  the object in words
    note     why there is nothing to say, or None
    paths    tuples (root, steps); a step is (kind, name, owner)
    total    how many owners and roots the object has
    made     texts FILE:LINE, where it was made, innermost first; empty unless tracemalloc traced it
    """

    __slots__ = ("subject", "note", "paths", "total", "made")

    def __repr__(self):
        lines = [self.subject]
        if self.note:
            lines.append(f"  {self.note}")
        if self.made:
            lines.append("  made at " + ", called from ".join(self.made))
        for root, steps in self.paths:
            lines.append(f"  from {root}")
            lines += [f"    {_step(kind, name)}  of {owner}" for kind, name, owner in steps]
        if self.total > len(self.paths):
            lines.append(f"  and {self.total - len(self.paths):,} more")
        if not self.total and not self.note:
            lines.append("  nothing keeps it alive but this call")
        return "\n".join(lines)


class Balance(_Answer):
    """A reference count, accounted for: count == edges + frames + handles + residue.

    subject      the object in words
    note         why there is nothing to count, or None
    count        the reference count; None if the object has none
    edges        how many references other objects hold
    edge_list    tuples (kind, name, owner)
    frames       how many variables and temporaries of running functions
    frame_list   texts
    handles      how many handles of native code that have a name
    handle_list  texts
    residue      references that nobody named; None if the object has no count
    """

    __slots__ = ("subject", "note", "count", "edges", "edge_list", "frames", "frame_list", "handles", "handle_list",
                 "residue")

    def __repr__(self):
        lines = [self.subject]
        if self.note:
            lines.append(f"  {self.note}")
        if self.count is not None:
            lines.append(f"  count {self.count:,} = {self.edges:,} from objects + {self.frames:,} from frames"
                         f" + {self.handles:,} from native code + {self.residue:,} unexplained")
        shown = [f"{_step(kind, name)}  of {owner}" for kind, name, owner in self.edge_list]
        for texts, total in ((shown, self.edges), (self.frame_list, self.frames), (self.handle_list, self.handles)):
            lines += [f"    {text}" for text in texts]
            if total > len(texts):
                lines.append(f"    and {total - len(texts):,} more")
        if self.residue:
            lines.append("  ! native code holds references that have no name")
        return "\n".join(lines)


class Garbage(_Answer):
    """What is unreachable and not collected yet.

    groups  tuples (count, bytes, types, sample), most bytes first; types are (type, count, bytes),
            the sample is a few members in words
    total   how many groups there are
    count   how many objects
    bytes   their bytes
    """

    __slots__ = ("groups", "total", "count", "bytes")

    def __repr__(self):
        if not self.total:
            return "no garbage"
        lines = [f"{self.count:,} objects in {self.total:,} groups, {human(self.bytes)}"]
        alike = {}
        for count, size, types, sample in self.groups:
            alike.setdefault(types, []).append(sample)
        for types, samples in alike.items():
            kinds = ", ".join(f"{number:,} {kind}" for kind, number, _ in types[:4]) + (", …" if len(types) > 4 else "")
            times = f"{len(samples):,} groups of " if len(samples) > 1 else ""
            lines.append(f"  {times}{human(sum(size for _, _, size in types))}: {kinds}")
            lines += [f"    {member}" for member in samples[0]]
        if self.total > len(self.groups):
            lines.append(f"  and {self.total - len(self.groups):,} more groups")
        return "\n".join(lines)


class Difference(_Answer):
    """What is different between two snapshots.

    rows    tuples (type, made, made_bytes, gone, gone_bytes, grown): objects only the later has, only
            the earlier has, and by how many bytes the objects of both grew; what grew most comes first
    newest  the new objects that retain most: (serial, type, title, bytes, retained)
    made    how many objects are new
    """

    __slots__ = ("rows", "newest", "made")

    @property
    def growth(self):
        """By how many bytes the heap grew."""
        return sum(row[2] - row[4] + row[5] for row in self.rows)

    def __repr__(self):
        rows = [(kind, f"+{made:,}", f"-{gone:,}", human(made_size - gone_size + grown))
                for kind, made, made_size, gone, gone_size, grown in self.rows[:15]]
        if not rows:
            return "no difference"
        return table(("type", "made", "gone", "growth"), rows) + f"\n\n  {human(self.growth)} in all"


def export(snapshot, path, form=None):
    """Write a snapshot to a file.

    The form is 'heapsnapshot' (V8's, which the memory panel of Chrome's developer tools loads) or
    'ndjson' (a line of JSON for each object: id, address, class, title, bytes, retained, count,
    generation, reachable, dominator, edges; then one for each root). It is taken from the end of
    the path unless it is given.
    """
    if not isinstance(snapshot, Snapshot):
        raise TypeError(f"export() argument 1 must be memscope.Snapshot, not {type(snapshot).__name__}")
    if form is None:
        form = "heapsnapshot" if str(path).endswith(".heapsnapshot") else "ndjson"
    if form not in ("heapsnapshot", "ndjson"):
        raise ValueError("form must be 'heapsnapshot' or 'ndjson'")
    with open(path, "wb") as file:
        snapshot._write(file.write, form)
