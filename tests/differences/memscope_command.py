# modes: auto
# reason: memscope is Taipan's own: it shows the memory of a running program from outside its heap.
"""`-m memscope PROG.py args...` runs a program as usual and reports on its memory at the end.

CPython has no such module, so this program says there that it has nothing to show.
"""
import os
import subprocess
import sys
import tempfile

try:
    import memscope
except ModuleNotFoundError:
    print("no memscope here")
    raise SystemExit

PROGRAM = """
import sys
print(__name__, sys.argv[1:], sys.argv[0] == __file__, sys.path[0] == __import__("os").path.dirname(__file__))
kept = [[n] for n in range(1000)]
what = sys.argv[1] if len(sys.argv) > 1 else ""
if what == "raise":
    def function():
        raise ValueError("oops")
    function()
elif what == "exit":
    sys.exit(3)
elif what == "message":
    sys.exit("stopped")
elif what == "read":
    print("read", input())
"""


def run(*arguments, text=""):
    done = subprocess.run([sys.executable, "-m", "memscope", *arguments], input=text, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "prog.py")
    with open(path, "w") as file:
        file.write(PROGRAM)
    for arguments in ((), ("a", "-b"), ("exit",), ("message",), ("read",)):
        code, out, err = run(path, *arguments, text="a line\n")
        print(code, out.splitlines(), "── memory at the end" in err, "collections" in err, "stopped" in err)
    code, out, err = run("-n", "3", "-r", "-g", path, "raise")
    trace, report = err.split("\n── memory")
    print(code, trace.replace(folder, "FOLDER").replace("\\", "/"))
    print("retained" in report, "no garbage" in report or "groups" in report, "peak: heap" in report)
    export = os.path.join(folder, "end.heapsnapshot")
    code, out, err = run("-x", export, path)
    print(code, os.path.getsize(export) > 10000, "snapshot written" in err)
    code, out, err = run("-m", "timeit", "-n1", "-r1", "pass")
    print(code, "1 loop" in out, "── memory at the end" in err)

for arguments in ((), ("--help",), ("--wrong",), ("-n",), ("-n", "x", "p.py"), ("no such file.py",)):
    code, out, err = run(*arguments)
    print(code, out.splitlines()[:1], err.splitlines()[:1])
