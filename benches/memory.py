"""The memory manager's figures: Taipan beside a reference interpreter, in pairs of processes.

    python3 benches/memory.py --taipan PATH --reference PATH [-n PAIRS] [--list] [NAME…]

Each measurement is a small program that runs in a process of its own and prints one number: seconds of processor time,
nanoseconds an object, resident bytes an object, or mebibytes. PAIRS pairs are run, the order alternating; a row shows the
medians of both and their ratio, and the bound that Taipan is meant to keep (a ratio, or an absolute figure).
The exit code is 1 if a program failed; a missed bound is marked with "!" only, for the machine may be noisy.
"""
import argparse
import os
import statistics
import subprocess
import sys

from run import ENVIRONMENT

COMMON = '''
import gc, sys, time
clock = time.process_time
def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096
def peak():
    with open("/proc/self/status") as file:
        for line in file:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
def median(times):
    return sorted(times)[len(times) // 2]
def full():
    times = []
    for _ in range(5):
        start = clock()
        gc.collect()
        times.append(clock() - start)
    return median(times)
class Plain: pass
class Three:
    def __init__(self, a, b, c):
        self.a = a; self.b = b; self.c = c
'''

COLLECT = "gc.disable()\nlive = {}\nprint(full())"

# One object for each of a million slots of a list whose own size is taken out.
OBJECTS = '''
gc.disable()
n = 1_000_000
slots = [None] * n
{setup}
before = resident()
for i in range(n):
    slots[i] = {make}
print((resident() - before) / n)
'''

ELEMENTS = '''
n = 4_000_000
gc.disable()
before = resident()
slots = [{make} for i in range(n)]
print((resident() - before) / n)
'''

ALLOCATE = '''
n = 1_000_000
gc.disable()
{setup}
def loop(r):
    for i in r:
        {nothing}
def work(r):
    for i in r:
        {make}
best = []
for _ in range(5):
    start = clock(); loop(range(n)); empty = clock() - start
    start = clock(); work(range(n)); best.append((clock() - start - empty) / n * 1e9)
print(median(best))
'''

DEAD_CYCLES = '''
gc.disable()
for i in range(1_000_000):
    cycle = []
    cycle.append(cycle)
del cycle
before = peak()
start = clock()
gc.collect()
{result}
'''

PAUSE = '''
longest = 0
def note(phase, info):
    global started, longest
    if phase == "start":
        started = clock()
    else:
        longest = max(longest, clock() - started)
gc.callbacks.append(note)
head = None
for i in range(3_000_000):
    head = [i, head, [i]]
print(longest)
'''

SPARSE = '''
gc.disable()
base = resident()
everything = [Three(i, i, i) for i in range(1_000_000)]
kept = everything[::10_000]
del everything
gc.collect()
print((resident() - base) / (1 << 20))
'''

def objects(make, setup="pass"):
    return OBJECTS.format(make=make, setup=setup)


def allocate(make, setup="pass"):
    return ALLOCATE.format(make=make, setup=setup, nothing="pass")


TREE = '''gc.disable()
def tree(depth):
    if depth == 0:
        return Three(depth, "leaf", 1.5)
    return {"left": tree(depth - 1), "right": [tree(depth - 1)], "at": (depth, Plain())}
live = tree(18)
print(full())'''

# name: (unit, what the bound is of, the bound, program)
MEASUREMENTS = {
    "collect 3M lists": ("s", "ratio", 0.3, COLLECT.format("[[i] for i in range(3_000_000)]")),
    "collect 3M dicts": ("s", "ratio", 0.3, COLLECT.format("[{'a': i} for i in range(3_000_000)]")),
    "collect 3M instances": ("s", "ratio", 0.3, COLLECT.format("[Three(i, i, i) for i in range(3_000_000)]")),
    "collect a mixed tree": ("s", "ratio", 0.3, TREE),
    "collect 1M dead self-cycles": ("s", "ratio", 0.4, DEAD_CYCLES.format(result="print(clock() - start)")),
    "… growth of the peak meanwhile": ("%", "own", 5, DEAD_CYCLES.format(result="print((peak() / before - 1) * 100)")),
    "longest pause, 3M linked nodes": ("s", "ratio", 0.35, PAUSE),
    "three-attribute instance": ("B", "own", 56, objects("Three(None, None, None)")),
    "empty list": ("B", "own", 40, objects("[]")),
    "one-item list": ("B", "own", 56, objects("[None]")),
    "empty dict": ("B", "own", 56, objects("{}")),
    "one-item dict": ("B", "own", 120, objects("{'a': None}")),
    "3-tuple": ("B", "own", 48, objects("(i, i, i)")),
    "7-character str": ("B", "own", 40, objects("str(i + 1000000)")),
    "bound method": ("B", "own", 40, objects("owner.method", "Three.method = lambda self: 0\nowner = Three(1, 2, 3)")),
    "closure with one cell": ("B", "own", 120, objects("make(i)", "def make(x):\n    return lambda: x")),
    "list element: int": ("B", "own", 8, ELEMENTS.format(make="i")),
    "list element: float": ("B", "own", 8, ELEMENTS.format(make="i * 0.5")),
    "1M instances, 1 in 10,000 kept": ("MiB", "own", 8, SPARSE),
    "allocate and free Plain()": ("ns", "ratio", 0.6, allocate("Plain()")),
    "allocate and free Three(i, i, i)": ("ns", "ratio", 0.6, allocate("Three(i, i, i)")),
    "allocate and free [i]": ("ns", "ratio", 0.6, allocate("[i]")),
    "allocate and free {'a': i}": ("ns", "ratio", 0.6, allocate("{'a': i}")),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--taipan", required=True, metavar="PATH")
    parser.add_argument("--reference", required=True, metavar="PATH")
    parser.add_argument("-n", "--pairs", type=int, default=3, metavar="PAIRS")
    parser.add_argument("--list", action="store_true", help="print the names and stop")
    parser.add_argument("names", nargs="*", metavar="NAME", help="parts of names; default: all")
    options = parser.parse_args()
    chosen = [name for name in MEASUREMENTS if not options.names or any(part in name for part in options.names)]
    if options.list:
        print("\n".join(chosen))
        return
    failed = False
    print("| measured | unit | Taipan | reference | ratio | wanted |")
    print("|---|---|--:|--:|--:|---|")
    for name in chosen:
        unit, kind, bound, program = MEASUREMENTS[name]
        try:
            ours, theirs, ratio = measure(options, COMMON + program)
        except subprocess.CalledProcessError as error:
            failed = True
            print(f"| {name} | failed: {error.stderr.strip().splitlines()[-1:]} |", flush=True)
            continue
        # A resident figure is allowed 5 % for pages that are not full.
        value, slack = (ratio, 1) if kind == "ratio" else (ours, 1.05)
        wanted = f"≤ {bound}x" if kind == "ratio" else f"≤ {bound} {unit}"
        mark = " !" if value > bound * slack else ""
        print(f"| {name} | {unit} | {ours:.4g} | {theirs:.4g} | {ratio:.2f} | {wanted}{mark} |", flush=True)
    sys.exit(1 if failed else 0)


def measure(options, program):
    figures = {options.taipan: [], options.reference: []}
    for pair in range(options.pairs):
        order = [options.taipan, options.reference]
        for interpreter in order if pair % 2 == 0 else reversed(order):
            figures[interpreter].append(run(interpreter, program))
    ours, theirs = (statistics.median(figures[side]) for side in (options.taipan, options.reference))
    ratios = [a / b if b else float("nan") for a, b in zip(figures[options.taipan], figures[options.reference])]
    return ours, theirs, statistics.median(ratios)


def run(interpreter, program):
    done = subprocess.run(
        [interpreter, "-c", program], env=ENVIRONMENT, capture_output=True, text=True, timeout=300, check=True
    )
    return float(done.stdout)


if __name__ == "__main__":
    main()
