#!/usr/bin/env python3
"""Writes the order in which the linker lays out functions: those that start-up calls first, then those that ordinary programs call.

    python3 benches/startup_order.py target/release/taipan > crates/taipan/startup.order

Needs valgrind and nm. Run it on a release build after start-up has changed, and build again.
"""

import bisect
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
    """The start, end and name of every function of the binary, by address."""
    lines = subprocess.run(["nm", "-S", "--defined-only", binary], check=True, capture_output=True, text=True).stdout.splitlines()
    fields = [line.split() for line in lines]
    return sorted((int(f[0], 16), int(f[0], 16) + int(f[1], 16), f[3]) for f in fields if len(f) == 4 and f[2] in "tTwW")


def called(binary, arguments):
    """The addresses of the instructions that a run executes in the binary itself; callgrind counts them from where the binary was loaded."""
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "callgrind.out")
        command = ["valgrind", "--tool=callgrind", "--dump-instr=yes", "--compress-pos=no", "--compress-strings=no", f"--callgrind-out-file={out}"]
        result = subprocess.run(command + [binary] + arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if not os.path.exists(out):
            sys.exit(result.stderr)
        addresses, inside = set(), False
        with open(out) as lines:
            for line in lines:
                if line.startswith("ob="):
                    inside = os.path.realpath(line[3:].strip()) == os.path.realpath(binary)
                elif inside and line.startswith("0x"):
                    addresses.add(int(line.split(None, 1)[0], 16))
        return addresses


def index_of(starts, functions, address):
    index = bisect.bisect_right(starts, address) - 1
    return index if index >= 0 and address < functions[index][1] else None


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    binary = os.path.abspath(sys.argv[1])
    functions = functions_of(binary)
    starts = [start for start, _, _ in functions]
    seen = {}
    for arguments in RUNS:
        addresses = called(binary, arguments)
        indices = {index_of(starts, functions, address) for address in addresses} - {None}
        for index in sorted(indices):
            seen.setdefault(functions[index][2])
    # Numbered suffixes are the linker's own and change with every build.
    print("\n".join(name for name in seen if not re.search(r"\.llvm\.\d+$", name)))


if __name__ == "__main__":
    main()
