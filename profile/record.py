#!/usr/bin/env python3
"""Record the profile that optimised builds of Taipan use: what is called how often, and which way branches go.

    python3 profile/record.py [--target-dir DIR]

Builds Taipan so that it counts (in DIR, target/profile unless told; about four minutes), runs the programs of benches/ with the
arguments of their "Counted:" lines, the language tests and the examples, and writes profile/taipan.profdata. Whoever changes a function takes away
its profile, not that of others: record anew when much of what is called often has changed, then build, write crates/taipan/startup.order
and benches/instructions.json anew, and commit the four together.

Needs llvm-profdata of LLVM 19 or later: `rustup component add llvm-tools`, or a package of the system.
"""
import argparse
import concurrent.futures
import glob
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROFILE = os.path.join(ROOT, "profile", "taipan.profdata")
sys.path.insert(0, os.path.join(ROOT, "benches"))

from run import ENVIRONMENT, PROGRAMS, known_programs  # noqa: E402
from startup_order import LOOP  # noqa: E402

# Tests made to be extreme, whose counts would be most of the whole.
EXTREME = ("tests/lang/deep_nesting/", "tests/lang/memory/")
# How much a run of a program of benches/ counts beside a test's.
WEIGHT = 8
# Called less often than this in all runs together: not worth its place in the file.
SELDOM = 64
# Runs that take longer do not count; they are killed, and write nothing.
SECONDS = 120


def main():
    options = parse_arguments()
    profdata = find_profdata()
    with tempfile.TemporaryDirectory() as work:
        taipan = build(options.target_dir)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            failed = [name for name in pool.map(lambda run: execute(taipan, work, *run), list(runs())) if name]
        if failed:
            print(f"without a place in the profile: {', '.join(failed)}", file=sys.stderr)
        text = os.path.join(work, "profile.txt")
        counts = [f"--weighted-input={weight},{path}" for weight in (WEIGHT, 1) for path in counted(work, weight)]
        merge(profdata, "--text", text, *counts)
        keep_what_counts(text)
        merge(profdata, "--binary", PROFILE, text)
    print(f"{os.path.relpath(PROFILE)}: {os.path.getsize(PROFILE):,} bytes")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    default = os.path.join(ROOT, "target", "profile")
    parser.add_argument("--target-dir", default=default, metavar="DIR", help="where to build (default target/profile)")
    return parser.parse_args()


def find_profdata():
    rustc = subprocess.run(["rustc", "--print", "target-libdir"], capture_output=True, text=True, check=True, cwd=ROOT)
    own = os.path.join(os.path.dirname(rustc.stdout.strip()), "bin", "llvm-profdata")
    for candidate in [own, *(f"llvm-profdata-{version}" for version in range(30, 18, -1)), "llvm-profdata"]:
        if found := shutil.which(candidate):
            return found
    sys.exit("record: there is no llvm-profdata here (rustup component add llvm-tools)")


def build(target_dir):
    environment = dict(os.environ, TAIPAN_PROFILE=f"record:{target_dir}", CARGO_TARGET_DIR=target_dir)
    # Might stand for another compiler's flags.
    environment.pop("RUSTC_WRAPPER", None)
    subprocess.run(["cargo", "build", "--release", "-p", "taipan"], cwd=ROOT, env=environment, check=True)
    return os.path.join(target_dir, "release", "taipan")


def runs():
    """What is run: its weight, a name and the program's arguments."""
    for name, labels in known_programs().items():
        yield WEIGHT, name, [os.path.join(PROGRAMS, name + ".py"), *labels["Counted"].split()]
    for pattern in ("tests/lang/*/*.py", "examples/*.py"):
        for path in sorted(glob.glob(os.path.join(ROOT, pattern))):
            name = os.path.relpath(path, ROOT)
            if not name.startswith(EXTREME):
                yield 1, name, [path]


def counted(work, weight):
    return glob.glob(os.path.join(work, f"{weight}-*.profraw"))


def execute(taipan, work, weight, name, arguments):
    """Runs one; its name if it could not be run to an end. What it finds, prints and raises is for the tests to judge."""
    # One file for all runs of a weight: each adds its counts.
    counts = os.path.join(work, f"{weight}-%m.profraw")
    with tempfile.TemporaryDirectory(dir=work) as directory:
        try:
            finished = subprocess.run(
                [taipan, *arguments],
                cwd=directory, env=ENVIRONMENT | {"LLVM_PROFILE_FILE": counts}, timeout=SECONDS,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )
        except subprocess.TimeoutExpired:
            return name
    return name if finished.returncode < 0 else None


def merge(profdata, kind, output, *inputs):
    merged = subprocess.run([profdata, "merge", "--sparse", kind, "-o", output, *inputs], capture_output=True, text=True)
    if merged.returncode != 0:
        sys.exit(f"record: {profdata} does not read this compiler's profiles: {merged.stderr.strip()}")


def keep_what_counts(path):
    """Leaves functions out of a profile in LLVM's text form: after a header a paragraph for each, its name first."""
    with open(path, encoding="utf-8") as file:
        header, functions = file.read().split(":ir\n", 1)
    kept = [function for function in functions.strip().split("\n\n") if is_worth_keeping(function)]
    with open(path, "w", encoding="utf-8") as file:
        file.write(header + ":ir\n" + "\n\n".join(kept) + "\n")


def is_worth_keeping(function):
    # The evaluation loop is laid out by hand: with a profile it is twice as large, needs a tenth more instructions and is no faster.
    name, rest = function.split("\n", 1)
    counters = rest.split("# Counter Values:\n", 1)[1].split("\n#", 1)[0].split()
    return max(map(int, counters)) >= SELDOM and LOOP not in name


if __name__ == "__main__":
    main()
