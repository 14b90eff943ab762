#!/usr/bin/env python3
"""Writes the order in which the linker lays out functions: those that start-up calls first, then those that ordinary programs call.

    python3 benches/startup_order.py target/release/taipan > crates/taipan/startup.order

Needs valgrind and nm. Run it on a release build after start-up has changed, and build again.

Functions of the C library and of assembly have no sections of their own; lines with a colon name what holds them: an archive and its member.
"""

import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# Patterns for archives whose members are known by their functions, and where to ask the C compiler for them.
ARCHIVES = {"libc.a": "libc.a", "libm*.a": "libm.a", "libgcc_eh.a": "libgcc_eh.a"}
# What else has its functions in one section: how their names begin, and a pattern for the object.
OBJECTS = {"_dl_relocate_static_pie": "crt1.o", "rust_psm_": "libpsm-*.rlib:*"}

# Earlier runs come first in the list.
RUNS = [
    ["-c", "pass"],
    [os.path.join(ROOT, "benches/programs/startup.py")],
    [os.path.join(ROOT, "examples/tour.py")],
    ["-c", "import asyncio, dataclasses, typing, unittest, json, re"],
]


def functions_of(binary):
    """The names of the functions of the binary itself."""
    lines = subprocess.run(["nm", "-S", "--defined-only", binary], check=True, capture_output=True, text=True).stdout.splitlines()
    fields = [line.split() for line in lines]
    return {f[3] for f in fields if len(f) == 4 and f[2] in "tTwW"}


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


def called(binary, arguments):
    """The names of the functions that a run calls."""
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "callgrind.out")
        command = ["valgrind", "--tool=callgrind", "--demangle=no", "--compress-strings=no", f"--callgrind-out-file={out}"]
        result = subprocess.run(command + [binary] + arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if not os.path.exists(out):
            sys.exit(result.stderr)
        with open(out) as lines:
            names = (line[3:].strip().partition("'")[0] for line in lines if line.startswith("fn="))
            return set(names)


def pattern(name):
    """A name without the hashes that change from build to build; the instances of a generic function share one."""
    name = re.sub(r"\.llvm\.\d+$", "*", name)
    name = re.sub(r"17h[0-9a-f]{16}E", "17h*E", name)
    return re.sub(r"(?<=C)s[0-9a-zA-Z]+_", "s*_", name) if name.startswith("_R") else name


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    binary = os.path.abspath(sys.argv[1])
    functions = functions_of(binary)
    members, choosing = {}, set()
    for name, archive in ARCHIVES.items():
        more, some = members_of(name, archive)
        members.update(more)
        choosing |= some
    every = {member for group in members.values() for member in group}
    seen = {}
    for arguments in RUNS:
        names = sorted(called(binary, arguments) & functions)
        defining = [members[name] for name in names if len(members.get(name, ())) == 1]
        wanted = {variant for group in defining for member in group for variant in variants(member, every)}
        wanted |= {place for start, place in OBJECTS.items() if any(name.startswith(start) for name in names)}
        if defining:
            wanted |= choosing
        for member in sorted(wanted):
            seen.setdefault(member)
        for name in names:
            if name not in members:
                seen.setdefault(pattern(name))
    print("\n".join(seen))


if __name__ == "__main__":
    main()
