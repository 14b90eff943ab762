"""Compare Taipan with a reference interpreter: processor time and peak memory of the programs in benches/programs.

    python3 benches/run.py --taipan PATH --reference PATH [-n PAIRS] [--json FILE] [NAME | NAME=ARG,ARG | GROUP]...

Each program runs in PAIRS pairs, one process under each interpreter, the order alternating from pair to pair so that
what else the machine does falls on both alike. Time is user plus system time of the process; memory is the most
that was resident. A ratio is Taipan's figure over the reference's, below 1 where Taipan is better; a row shows the median
of the pairs' ratios. Programs print a checksum, which must be the same in every run under both, or the row is an error;
what they say on standard error is shown as notes. The reference finds the library compiled, as it would from its second
start on: what the programs import is compiled into a directory of the run's own before anything is measured.
NAME=ARG,ARG runs a program with these arguments in place of its own work size; the name of a group stands for the
programs in it. The exit code is 1 if any row is an error.

A program's docstring ends with two lines: "Group:", what it is counted with in the table of geometric means, and
"Counted:", the arguments for a small run, which benches/instructions.py counts the instructions of. Rows that take more
than 1.25 times the reference's time are marked.
"""
import argparse
import ast
import json
import math
import os
import platform
import resource
import shutil
import signal
import statistics
import sys
import tempfile
import time

PROGRAMS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "programs")
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8"}
SIDES = ("taipan", "reference")
SLOW = 1.25


class Failure(Exception):
    """Why a program has no row of figures."""


def main():
    options = parse_arguments()
    interpreters = {side: locate(getattr(options, side)) for side in SIDES}
    programs = chosen(options.programs)
    rows = []
    with tempfile.TemporaryDirectory() as caches:
        environments = {"taipan": ENVIRONMENT, "reference": with_caches(interpreters["reference"], caches, programs)}
        for name, group, arguments in programs:
            print(f"{name} …", file=sys.stderr, flush=True)
            rows.append({"name": name, "group": group, "arguments": arguments})
            rows[-1].update(measure(interpreters, environments, name, arguments, options))
    print_table(rows)
    if options.json:
        write_json(options.json, interpreters, options.pairs, rows)
    sys.exit(1 if any("error" in row for row in rows) else 0)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--taipan", required=True, metavar="PATH")
    parser.add_argument("--reference", required=True, metavar="PATH")
    parser.add_argument("-n", "--pairs", type=int, default=5, metavar="PAIRS")
    parser.add_argument("--timeout", type=float, default=300, metavar="SECONDS", help="for one run (default 300)")
    parser.add_argument("--json", metavar="FILE", help="write all figures there too")
    parser.add_argument("programs", nargs="*", metavar="NAME[=ARG,ARG]", help="or the name of a group; default: all")
    options = parser.parse_args()
    if options.pairs < 1:
        parser.error("PAIRS must be at least 1")
    return options


def locate(interpreter):
    path = shutil.which(interpreter)
    if path is None:
        sys.exit(f"{interpreter}: no such program")
    return os.path.abspath(path)


def known_programs():
    """Every program's labels, {name: {"Group": words, "Counted": words}}, by name."""
    return {name[:-3]: labels(name[:-3]) for name in sorted(os.listdir(PROGRAMS)) if name.endswith(".py")}


def labels(name):
    with open(os.path.join(PROGRAMS, name + ".py"), encoding="utf-8") as file:
        lines = (ast.get_docstring(ast.parse(file.read())) or "").splitlines()
    found = {label: rest.strip() for label, colon, rest in (line.partition(":") for line in lines[-2:]) if colon}
    if set(found) != {"Group", "Counted"} or not found["Group"]:
        sys.exit(f"{name}: its docstring must end with a line \"Group:\" and a line \"Counted:\"")
    return found


def chosen(wanted):
    """The programs to run, [(name, group, arguments)]."""
    known = known_programs()
    groups = {each["Group"] for each in known.values()}
    result = []
    for word in wanted or known:
        name, _, arguments = word.partition("=")
        if name not in known and name not in groups:
            sys.exit(f"{name}: neither a program in {PROGRAMS} nor a group of them")
        for each in [name] if name in known else [each for each in known if known[each]["Group"] == name]:
            result.append((each, known[each]["Group"], arguments.split(",") if arguments else []))
    return result


def with_caches(interpreter, directory, programs):
    """The environment in which the interpreter finds the modules that the programs import compiled, in the directory."""
    caches = {"PYTHONPYCACHEPREFIX": directory}
    filling = {key: value for key, value in ENVIRONMENT.items() if key != "PYTHONDONTWRITEBYTECODE"} | caches
    for module in sorted({module for name, _, _ in programs for module in imported(name)} | {"site"}):
        actions = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_RDWR, 0) for fd in range(3)]
        command = [interpreter, "-c", f"import {module}"]
        os.waitpid(os.posix_spawn(interpreter, command, filling, file_actions=actions), 0)
    return ENVIRONMENT | caches


def imported(name):
    """The modules that the program's import statements name."""
    with open(os.path.join(PROGRAMS, name + ".py"), encoding="utf-8") as file:
        nodes = list(ast.walk(ast.parse(file.read())))
    found = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return found | {node.module for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}


def measure(interpreters, environments, name, arguments, options):
    """All pairs of one program: the figures of its row, or the error."""
    row = {}
    runs = {side: [] for side in SIDES}
    try:
        for pair in range(options.pairs):
            for side in SIDES if pair % 2 == 0 else reversed(SIDES):
                run = run_once(interpreters[side], environments[side], name, arguments, options.timeout, side)
                runs[side].append(run)
            check_outputs(runs)
    except Failure as failure:
        row["error"] = str(failure)
        return row
    for figure in ("seconds", "bytes"):
        ratios = [mine[figure] / max(theirs[figure], 1e-6) for mine, theirs in zip(runs["taipan"], runs["reference"])]
        row[figure + "_ratio"] = statistics.median(ratios)
    for side in SIDES:
        row[side] = {figure: statistics.median(run[figure] for run in runs[side]) for figure in ("seconds", "bytes")}
        row[side]["runs"] = [[run["seconds"], run["bytes"]] for run in runs[side]]
        row[side]["notes"] = runs[side][-1]["stderr"].splitlines()
    return row


def check_outputs(runs):
    mine, theirs = runs["taipan"][-1]["stdout"], runs["reference"][-1]["stdout"]
    for side in SIDES:
        if runs[side][-1]["stdout"] != runs[side][0]["stdout"]:
            raise Failure(f"{side} prints something else in each run")
    if mine != theirs:
        raise Failure(f"checksums differ: {mine.strip()[:60]!r}, reference {theirs.strip()[:60]!r}")


def run_once(interpreter, environment, name, arguments, timeout, side):
    command = [interpreter, os.path.join(PROGRAMS, name + ".py"), *arguments]
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        actions = [
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_DUP2, stdout.fileno(), 1),
            (os.POSIX_SPAWN_DUP2, stderr.fileno(), 2),
        ]
        pid = os.posix_spawn(interpreter, command, environment, file_actions=actions)
        status, usage, peak = wait(pid, timeout)
        stdout.seek(0)
        stderr.seek(0)
        output, errors = (file.read().decode(errors="replace") for file in (stdout, stderr))
    if status is None:
        raise Failure(f"{side} took longer than {timeout:g} s")
    if os.WIFSIGNALED(status):
        raise Failure(f"{side} died by {signal.Signals(os.WTERMSIG(status)).name}")
    if os.WEXITSTATUS(status):
        last = (errors.strip().splitlines() or ["no message"])[-1]
        raise Failure(f"{side} exited with {os.WEXITSTATUS(status)}: {last[:100]}")
    return {"seconds": usage.ru_utime + usage.ru_stime, "bytes": peak, "stdout": output, "stderr": errors}


def wait(pid, timeout):
    """Wait for the end of a process: its status (None when its time was up), its usage and its peak memory."""
    start = time.monotonic()
    seen = 0
    killed = False
    while True:
        ended, status, usage = os.wait4(pid, os.WNOHANG)
        if ended:
            return (None if killed else status), usage, peak_memory(usage, seen)
        seen = peak_so_far(pid) or seen
        elapsed = time.monotonic() - start
        if elapsed > timeout and not killed:
            os.kill(pid, signal.SIGKILL)
            killed = True
        time.sleep(0.001 if elapsed < 0.1 else 0.01)


def peak_memory(usage, seen):
    """The system's figure of the peak, unless it may be this process's own: a child starts out with its parent's."""
    unit = 1 if sys.platform == "darwin" else 1024
    peak = usage.ru_maxrss * unit
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    return peak if peak > own or not seen else seen


def peak_so_far(pid):
    try:
        with open(f"/proc/{pid}/status") as status:
            lines = status.read().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), 0)


def geometric_mean(values):
    return math.exp(sum(math.log(max(value, 1e-6)) for value in values) / len(values)) if values else math.nan


def mean_ratios(rows):
    return [geometric_mean([row[figure] for row in rows]) for figure in ("seconds_ratio", "bytes_ratio")]


def grouped(rows):
    groups = {}
    for row in rows:
        groups.setdefault(row["group"], []).append(row)
    return dict(sorted(groups.items()))


def print_table(rows):
    print("| program | group | time ratio | memory ratio | Taipan s | reference s | Taipan MiB | reference MiB |")
    print("|---|---|--:|--:|--:|--:|--:|--:|")
    measured = [row for row in rows if "error" not in row]
    for row in rows:
        if "error" in row:
            print(f"| {row['name']} | {row['group']} | error: {row['error'].replace('|', '/')} | | | | | |")
            continue
        mine, theirs = row["taipan"], row["reference"]
        mark = " **slow**" if row["seconds_ratio"] > SLOW else ""
        print(f"| {row['name']} | {row['group']} | {row['seconds_ratio']:.2f}{mark} | {row['bytes_ratio']:.2f} "
              f"| {mine['seconds']:.3f} | {theirs['seconds']:.3f} "
              f"| {mine['bytes'] / 2**20:.1f} | {theirs['bytes'] / 2**20:.1f} |")
    print_means(measured)
    for row in measured:
        for side in SIDES:
            for note in row[side]["notes"]:
                print(f"\n{row['name']}, {side}: {note}", end="")
    print()


def print_means(measured):
    print("\n| geometric mean of | programs | time ratio | memory ratio |\n|---|--:|--:|--:|")
    for group, members in grouped(measured).items():
        seconds, size = mean_ratios(members)
        print(f"| {group} | {len(members)} | {seconds:.2f} | {size:.2f} |")
    seconds, size = mean_ratios(measured)
    print(f"| **all** | **{len(measured)}** | **{seconds:.2f}** | **{size:.2f}** |")


def write_json(path, interpreters, pairs, rows):
    measured = [row for row in rows if "error" not in row]
    seconds, size = mean_ratios(measured) if measured else (None, None)
    report = {
        "interpreters": interpreters,
        "machine": {"system": platform.platform(), "processors": os.cpu_count()},
        "pairs": pairs,
        "seconds_ratio": seconds,
        "bytes_ratio": size,
        "groups": {group: mean_ratios(members) for group, members in grouped(measured).items()},
        "programs": rows,
    }
    with open(path, "w", encoding="utf-8") as file:
        json.dump(report, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
