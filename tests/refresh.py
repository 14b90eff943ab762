"""Regenerate expected results of language tests and examples with a reference interpreter.

    python3 tests/refresh.py INTERPRETER FILE-OR-FOLDER...

Run it from the repository root. For a test `NAME.py` under tests/ it writes `NAME.out` (standard output), and, only
when there is something to say, `NAME.err` (standard error) and `NAME.code` (a non-zero exit code). For a program under
examples/ it writes examples/expected/NAME.out, with the arguments from examples/expected/NAME.args. Folders named `lib`
and `data` hold material for tests, not tests. Under tests/differences/, NAME.out is written by hand: it is what Taipan
prints on purpose; NAME.cpython.out is what the reference prints.

Tests run with their path relative to the repository root; tracebacks name the absolute path, so the root is cut out of
what is stored, and whoever compares must cut it too.

The first lines of a test may hold directives: `# args: a b`, `# stdin: text`, `# modes: auto`.
"""
import os
import subprocess
import sys


def directives(path):
    found = {}
    with open(path, encoding="utf-8", errors="surrogateescape") as file:
        for line in file:
            name, colon, value = line.lstrip("# ").partition(":")
            if not line.startswith("#") or not colon:
                break
            if name in ("args", "stdin", "modes"):
                found[name] = value.strip()
    return found


def programs(path):
    if os.path.isfile(path):
        yield os.path.normpath(path)
        return
    for folder, folders, files in os.walk(path):
        folders[:] = sorted(set(folders) - {"lib", "data", "expected", "__pycache__"})
        for name in sorted(files):
            if name.endswith(".py"):
                yield os.path.normpath(os.path.join(folder, name))


def store(path, data):
    if data:
        with open(path, "wb") as file:
            file.write(data)
    elif os.path.exists(path):
        os.remove(path)


def run(interpreter, path, arguments, stdin=""):
    environment = {"PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8", "COLUMNS": "80"}
    return subprocess.run(
        [interpreter, path, *arguments], input=stdin.encode(), capture_output=True, env=environment, timeout=120)


def refresh_example(interpreter, path):
    name = os.path.basename(path)[:-3]
    expected = os.path.join("examples", "expected", name)
    arguments = []
    if os.path.exists(expected + ".args"):
        with open(expected + ".args", encoding="utf-8") as file:
            arguments = file.read().splitlines()
    done = run(interpreter, path, arguments)
    if done.returncode or done.stderr:
        sys.exit(f"{path}: {done.stderr.decode(errors='replace')}")
    with open(expected + ".out", "wb") as file:
        file.write(done.stdout)


def refresh_test(interpreter, path):
    asked = directives(path)
    stdin = asked.get("stdin", "").encode().decode("unicode_escape")
    done = run(interpreter, path, asked.get("args", "").split(), stdin)
    stem = path[:-3]
    if path.startswith(os.path.join("tests", "differences")):
        stem += ".cpython"
    with open(stem + ".out", "wb") as file:
        file.write(done.stdout)
    store(stem + ".err", done.stderr.replace(os.getcwd().encode() + b"/", b""))
    store(stem + ".code", b"%d\n" % done.returncode if done.returncode else b"")
    if done.returncode or done.stderr:
        print(f"{path}: exit {done.returncode}\n{done.stderr.decode(errors='replace')}", file=sys.stderr)


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    for argument in sys.argv[2:]:
        for path in programs(argument):
            if path.split(os.sep)[0] == "examples":
                refresh_example(sys.argv[1], path)
            else:
                refresh_test(sys.argv[1], path)


main()
