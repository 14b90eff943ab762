"""-X tracemalloc, PYTHONTRACEMALLOC, and what warnings say of the objects they are about."""

import os
import subprocess
import sys
import tempfile

SHOW = "import tracemalloc; print(tracemalloc.is_tracing(), tracemalloc.get_traceback_limit())"


def run(*arguments, variable=None):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHONTRACE")}
    if variable is not None:
        environment["PYTHONTRACEMALLOC"] = variable
    done = subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, text=True)
    said = [line for line in done.stderr.splitlines() if "error" in line.lower()]
    print(arguments[:-2], variable, done.returncode, done.stdout.strip(), said)


for option in ("", "=1", "=5", "=0", "=", "=65535", "=65536", "=-1", "=x", "=2.5", "=99999999999"):
    run("-X", "tracemalloc" + option, "-c", SHOW)
for text in ("1", "7", " 7", "0", "", "65536", "-1", "7 ", "x"):
    run("-c", SHOW, variable=text)
run("-E", "-c", SHOW, variable="7")
run("-X", "tracemalloc=3", "-c", SHOW, variable="7")
run("-X", "tracemalloc=3", "-X", "tracemalloc=4", "-c", SHOW)
run("-X", "tracemalloc=3", "-c", "import sys; print(sys._xoptions)")

PROGRAM = """\
import gc


def opened(name):
    return open(name)


def forget(name):
    file = opened(
        name)


forget(__file__)
try:
    forget(None)
except TypeError:
    pass
"""

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "program.py")
    with open(path, "w") as file:
        file.write(PROGRAM)
    for options in ((), ("-X", "tracemalloc"), ("-X", "tracemalloc=3")):
        arguments = [sys.executable, "-W", "default", *options, path]
        done = subprocess.run(arguments, capture_output=True, text=True)
        print(done.returncode, done.stdout)
        print(done.stderr.replace(folder + os.sep, ""))
