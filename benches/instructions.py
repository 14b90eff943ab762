"""Count the instructions that Taipan needs for small runs of benches/programs, and compare them with the baseline.

    python3 benches/instructions.py --taipan PATH [--record] [--all] [--baseline FILE] [--jobs N] [--if-available] [NAME]...

Callgrind counts; each program runs with the arguments of its "Counted:" line. Counts repeat to a few hundredths of a
percent, whatever else the machine does, because the process is alike in every run: a fixed hash seed, no randomised
addresses, an environment of a few fixed variables, and the program and Taipan under paths of a fixed length. The exit
code is 1 when a program needs over 3% more than benches/instructions.json says, or is not in it, or fails; a change that
makes one dearer on purpose rewrites the baseline with --record, and says why. --record with names changes only these.
What a count contains depends on the C library as well, so a baseline holds for one kind of machine: record and compare
on the same one.
"""
import argparse
import concurrent.futures
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile

from run import ENVIRONMENT, PROGRAMS, known_programs, locate

BASELINE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "instructions.json")
ALLOWED = 0.03
COLLECTED = re.compile(r"Collected : (\d+)")


def main():
    options = parse_arguments()
    taipan = locate(options.taipan)
    if missing := [tool for tool in ("valgrind", "setarch") if shutil.which(tool) is None]:
        print(f"instructions: nothing counted, there is no {' and no '.join(missing)} here", file=sys.stderr)
        sys.exit(0 if options.if_available else 2)
    programs = {name: labels["Counted"].split() for name, labels in known_programs().items()}
    if unknown := [name for name in options.programs if name not in programs]:
        sys.exit(f"{unknown[0]}: not in {PROGRAMS}")
    chosen = sorted(set(options.programs)) or list(programs)
    counts, failed = count_all(taipan, {name: programs[name] for name in chosen}, options)
    baseline = read_baseline(options.baseline)
    worse = print_differences(baseline, counts, options.all)
    for name, reason in failed.items():
        print(f"{name}: {reason}", file=sys.stderr)
    if options.record:
        kept = {name: count for name, count in baseline.items() if name in programs and name not in chosen}
        write_baseline(options.baseline, kept | counts)
    elif stale := sorted(set(baseline) - set(programs)):
        print(f"in the baseline, but no programs: {', '.join(stale)}", file=sys.stderr)
    sys.exit(1 if failed or worse and not options.record else 0)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--taipan", required=True, metavar="PATH")
    parser.add_argument("--record", action="store_true", help="write the baseline instead of failing")
    parser.add_argument("--all", action="store_true", help="print the rows within half a percent too")
    parser.add_argument("--baseline", default=BASELINE, metavar="FILE")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="programs at a time (default 1)")
    parser.add_argument("--timeout", type=float, default=300, metavar="SECONDS", help="for one run (default 300)")
    parser.add_argument("--if-available", action="store_true", help="without valgrind, say so and succeed")
    parser.add_argument("programs", nargs="*", metavar="NAME", help="default: all")
    options = parser.parse_args()
    if options.jobs < 1:
        parser.error("N must be at least 1")
    return options


def count_all(taipan, programs, options):
    """({program: instructions}, {program: why there is no count})."""
    counts, failed = {}, {}
    with (tempfile.TemporaryDirectory(prefix="counted", dir="/tmp") as directory,
          concurrent.futures.ThreadPoolExecutor(options.jobs) as pool):
        os.symlink(taipan, os.path.join(directory, "taipan"))
        os.symlink(PROGRAMS, os.path.join(directory, "programs"))
        waiting = {
            name: pool.submit(count, directory, name, arguments, options.timeout)
            for name, arguments in programs.items()
        }
        for name, result in waiting.items():
            print(f"{name} …", file=sys.stderr, flush=True)
            try:
                counts[name] = result.result()
            except Failure as failure:
                failed[name] = str(failure)
    return counts, failed


class Failure(Exception):
    """Why a program has no count."""


def count(directory, name, arguments, timeout):
    command = [
        "setarch", "-R", "valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
        "./taipan", f"programs/{name}.py", *arguments,
    ]
    try:
        run = subprocess.run(
            command, cwd=directory, env=ENVIRONMENT, timeout=timeout, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", errors="replace",
        )
    except subprocess.TimeoutExpired:
        raise Failure(f"took longer than {timeout:g} s") from None
    found = COLLECTED.search(run.stderr)
    if run.returncode or not found:
        last = (run.stderr.strip().splitlines() or ["no message"])[-1]
        raise Failure(f"ended with {run.returncode}: {last[:200]}")
    return int(found[1])


def read_baseline(path):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return {}


def write_baseline(path, counts):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(dict(sorted(counts.items())), file, indent=1)
        file.write("\n")
    print(f"{path}: {len(counts)} programs recorded")


def print_differences(baseline, counts, everything):
    """The table; how many programs are too much worse."""
    rows, worse = [], 0
    for name, new in counts.items():
        old = baseline.get(name)
        change = None if old is None else new / old - 1
        bad = change is None or change > ALLOWED
        worse += bad
        if everything or bad or abs(change) > 0.005:
            remark = "not in the baseline" if change is None else f"{change:+.2%}" + (" **worse**" if bad else "")
            rows.append(f"| {name} | {'' if old is None else f'{old:,}'} | {new:,} | {remark} |")
    if rows:
        print("| program | baseline | now | change |\n|---|--:|--:|--:|", *rows, sep="\n")
    print(f"{len(counts)} programs counted on {platform.machine()}, {worse} of them worse than the baseline allows")
    return worse


if __name__ == "__main__":
    main()
