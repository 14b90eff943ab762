#!/usr/bin/env python3
"""Differential fuzzing: random programs under two interpreters, whose output must be the same.

    python3 tests/fuzz/run.py --taipan target/release/taipan --reference python3.14 --seeds 0:1000 [--keep FOLDER]
    python3 tests/fuzz/run.py … --sources --seeds 0:1000     # damaged sources: the same SyntaxError, or none, and no panic

For each difference it prints the seed and the first line that differs; `--keep` stores the program. Exit code 1 if there was any.
"""

import argparse
import concurrent.futures
import os
import pathlib
import resource
import subprocess
import sys

import generate
import sources

MEMORY = 2 << 30
SECONDS = 20


def limited():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def run(interpreter, text):
    env = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONIOENCODING": "utf-8"}
    try:
        result = subprocess.run([*interpreter, "-"], input=text.encode("utf-8", "surrogatepass"), capture_output=True, timeout=SECONDS, preexec_fn=limited, env=env)
    except subprocess.TimeoutExpired:
        return "timeout", [], ""
    return result.returncode, result.stdout.decode("utf-8", "replace").splitlines(), result.stderr.decode("utf-8", "replace")


def compare(taipan, reference, text):
    """None, or what differs."""
    code, lines, errors = run(taipan, text)
    if "panicked at" in errors or isinstance(code, int) and code < 0:
        return f"crash {code}: {errors.strip()[-300:]}"
    wanted_code, wanted, _ = run(reference, text)
    if wanted_code == "timeout":
        return None
    if code == "timeout":
        return "timeout"
    for index, (line, want) in enumerate(zip(lines, wanted)):
        if line != want:
            return f"line {index + 1}:\n    {line[:300]}\n  wanted\n    {want[:300]}"
    if len(lines) != len(wanted):
        return f"{len(lines)} lines, wanted {len(wanted)}: {errors.strip()[-200:]}"
    return None if code == wanted_code else f"exit code {code}, wanted {wanted_code}: {errors.strip()[-200:]}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--taipan", default="target/release/taipan")
    parser.add_argument("--reference", default="python3.14")
    parser.add_argument("--seeds", default="0:200", help="FIRST:END")
    parser.add_argument("--sources", action="store_true", help="damaged sources in place of programs")
    parser.add_argument("--keep", type=pathlib.Path, help="folder for the programs that differ")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    first, end = map(int, options.seeds.split(":"))
    make = sources.program if options.sources else generate.program

    def one(seed):
        text = make(seed)
        return seed, text, compare([options.taipan, "-X", f"heap-limit={MEMORY // 2}"], [options.reference], text)

    different = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for seed, text, difference in pool.map(one, range(first, end)):
            if difference:
                different += 1
                print(f"seed {seed}: {difference}", flush=True)
                if options.keep:
                    options.keep.mkdir(parents=True, exist_ok=True)
                    (options.keep / f"{seed}.py").write_text(text, encoding="utf-8", errors="surrogatepass")
    print(f"{end - first} programs, {different} differences")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
