#!/usr/bin/env python3
"""Writes the order in which the linker lays out functions: those that start-up calls first, then those that ordinary programs call.

    python3 benches/startup_order.py target/release/taipan > crates/taipan/startup.order

Needs valgrind and nm. Run it on a release build after start-up has changed, and build again.
"""

import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

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
    seen = {}
    for arguments in RUNS:
        for name in sorted(called(binary, arguments)):
            if name in functions:
                seen.setdefault(pattern(name))
    print("\n".join(seen))


if __name__ == "__main__":
    main()
