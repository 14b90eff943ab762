#!/usr/bin/env python3
"""Writes the order in which the linker lays out functions: those that start-up calls first, then those that ordinary programs call. In front of them, with the
names of their sections, tables of pointers that the start of an empty program looks at.

    python3 benches/startup_order.py target/release/taipan > crates/taipan/startup.order

Needs valgrind, nm, objdump and readelf. Run it on a release build after start-up has changed, and build again.

Functions of the C library and of assembly have no sections of their own; lines with a colon name what holds them: an archive and its member.
"""

import bisect
import collections
import glob
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# Patterns for archives whose members are known by their functions, and where to ask the C compiler for them.
ARCHIVES = {"libc.a": "libc.a", "libm*.a": "libm.a", "libgcc_eh.a": "libgcc_eh.a"}
# What else has its functions in one section: how their names begin, and a pattern for the object.
OBJECTS = {"_dl_relocate_static_pie": "crt1.o", "rust_psm_": "libpsm-*.rlib:*"}

# Functions that these call come first, those of the first before those of the second.
STARTS = [["-c", "pass"], [os.path.join(ROOT, "benches/programs/startup.py")]]

# Then those that most of these call.
ORDINARY = [
    [os.path.join(ROOT, "examples/tour.py")],
    ["-c", "import asyncio, dataclasses, typing, unittest, json, re"],
] + [[path] for path in sorted(glob.glob(os.path.join(ROOT, "tests/lang/*/*.py")))[::10]]

# A program that takes longer than this under valgrind does not count.
SECONDS = 120

# The evaluation loop, and the bytes of a line of the instruction cache, which it begins with (crates/taipan/build.rs).
LOOP = "4eval8dispatch8evaluate17h"
LINE = 64

# Where tables of pointers lie.
TABLES = ".data.rel.ro"


def symbols_of(binary):
    """Address, size, kind and name of all that the binary defines."""
    lines = subprocess.run(["nm", "-S", "--defined-only", binary], check=True, capture_output=True, text=True).stdout.splitlines()
    fields = [line.split() for line in lines]
    return [(int(f[0], 16), int(f[1], 16), f[2], f[3]) for f in fields if len(f) == 4]


def tables_touched(binary, symbols, arguments):
    """The names of the tables that a run reads, in the order of their addresses."""
    sections = subprocess.run(["readelf", "-SW", binary], check=True, capture_output=True, text=True).stdout
    start, size = (int(n, 16) for n in re.search(rf"{re.escape(TABLES)}\s+PROGBITS\s+(\w+)\s+\w+\s+(\w+)", sections).groups())
    tables = sorted(symbol for symbol in symbols if start <= symbol[0] < start + size)
    starts = [symbol[0] for symbol in tables]
    touched = set()
    command = ["valgrind", "--tool=lackey", "--trace-mem=yes", binary] + arguments
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace") as process:
        for line in process.stderr:
            if line.startswith((" L", " M")):
                address = int(line[3:].partition(",")[0], 16)
                if start <= address < start + size:
                    touched.add(address)
    found = {bisect.bisect_right(starts, address) - 1 for address in touched}
    return [tables[at][3] for at in sorted(found) if at >= 0 and tables[at][3].startswith("_")]


def members_of(pattern, archive):
    """Which member of an archive defines a function, and the members that choose between variants of one when the program starts."""
    path = subprocess.run(["cc", f"-print-file-name={archive}"], check=True, capture_output=True, text=True).stdout.strip()
    with open(path, "rb") as file:
        if file.read(2) != b"!<":
            path = re.search(r"\S+\.a\b", file.read().decode().partition("(")[2])[0]
    lines = subprocess.run(["nm", "-A", "--defined-only", path], capture_output=True, text=True).stdout.splitlines()
    members, choosing = {}, set()
    for line in lines:
        place, _, rest = line.rpartition(".o:")
        fields = rest.split()
        member = f"{pattern}:{place.rpartition(':')[2]}.o"
        if len(fields) == 3 and fields[1] in "tTwWi":
            members.setdefault(fields[2], set()).add(member)
            if fields[1] == "i":
                choosing.add(member)
    return members, choosing


def variants(member, members):
    """A member and those with the same function for other processors."""
    base, dash, _ = member.partition("-")
    return {other for other in members if other.startswith(base + "-")} if dash else {member}


def called(binary, functions, arguments):
    """The names of the functions, of their addresses and names in order, that a run executes something of. What the compiler has put elsewhere of a
    function, as it is seldom used, is a function of its own here, with `.cold` behind its name."""
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "callgrind.out")
        command = ["valgrind", "--tool=callgrind", "--dump-instr=yes", "--compress-strings=no", "--compress-pos=no", f"--callgrind-out-file={out}"]
        try:
            subprocess.run(
                command + [binary] + arguments, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=SECONDS
            )
        except subprocess.TimeoutExpired:
            return set()
        if not os.path.exists(out):
            sys.exit(f"{' '.join(command)}: no result")
        with open(out) as lines:
            addresses = {line.partition(" ")[0] for line in lines if line.startswith("0x")}
    found = {bisect.bisect_right(functions, (int(address, 16), "~")) - 1 for address in addresses}
    starts = {functions[at][0] for at in found if at >= 0}
    return {name for start, name in functions if start in starts}


def fetch_of(binary, symbols):
    """Where the evaluation loop fetches an instruction, from the load of the operation to the end of the jump to what carries it out; the first of its copies."""
    start, size = next((address, size) for address, size, _, name in sorted(symbols) if LOOP in name and not name.endswith(".cold"))
    command = ["objdump", "-d", "--no-show-raw-insn", f"--start-address={start}", f"--stop-address={start + size}", binary]
    code = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    lines = [(int(found[1], 16), found[2]) for found in re.finditer(r"^ *(\w+):\t(.*)$", code, re.M)]
    jump = next(at for at, (_, text) in enumerate(lines) if re.match(r"jmp +\*", text))
    load = max(at for at in range(jump) if lines[at][1].startswith("movzbl"))
    return lines[load][0], lines[jump + 1][0]


def pattern(name):
    """A name without the hashes that change from build to build; the instances of a generic function share one."""
    name = re.sub(r"\.llvm\.\d+$", "*", name)
    name = re.sub(r"17h[0-9a-f]{16}E", "17h*E", name)
    return re.sub(r"(?<=C)s[0-9a-zA-Z]+_", "s*_", name) if name.startswith("_R") else name


def patterns_of(symbols, wanted):
    """What stands in the list for each of the wanted names: its pattern, or, where that would bring along more than it is worth, the name of this build."""
    every, some = collections.Counter(), collections.Counter()
    for _, size, _, name in symbols:
        every[pattern(name)] += size
        if name in wanted:
            some[pattern(name)] += size
    return {name: pattern(name) if every[pattern(name)] <= 2 * some[pattern(name)] else name for name in wanted}


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    binary = os.path.abspath(sys.argv[1])
    symbols = symbols_of(binary)
    start, end = fetch_of(binary, symbols)
    if start // LINE != (end - 1) // LINE:
        print(f"{start:#x} to {end:#x}: the loop fetches instructions across two cache lines, which takes longer", file=sys.stderr)
    functions = sorted((address, name) for address, _, kind, name in symbols if kind in "tTwW")
    members, choosing = {}, set()
    for name, archive in ARCHIVES.items():
        more, some = members_of(name, archive)
        members.update(more)
        choosing |= some
    every = {member for group in members.values() for member in group}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = list(pool.map(lambda arguments: called(binary, functions, arguments), STARTS + ORDINARY))
    starts, ordinary = runs[: len(STARTS)], runs[len(STARTS) :]
    uses = collections.Counter(name for names in ordinary for name in names)
    # What a single one calls may lie where it likes.
    groups = [sorted(names) for names in starts] + [[name for name, count in sorted(uses.items(), key=lambda use: (-use[1], use[0])) if count > 1]]
    listed = patterns_of(symbols, {name for names in groups for name in names})
    seen = {}
    for names in groups:
        defining = [members[name] for name in names if len(members.get(name, ())) == 1]
        wanted = {variant for group in defining for member in group for variant in variants(member, every)}
        wanted |= {place for start, place in OBJECTS.items() if any(name.startswith(start) for name in names)}
        if defining:
            wanted |= choosing
        for member in sorted(wanted):
            seen.setdefault(member)
        for name in names:
            if name not in members:
                seen.setdefault(listed[name])
    for name in tables_touched(binary, symbols, STARTS[0]):
        print(f"{TABLES}.{pattern(name)}")
    print("\n".join(seen))


if __name__ == "__main__":
    main()
