# Standard error is written apart from standard output.
import sys

print("to stdout")
print("to stderr", file=sys.stderr)
sys.stdout.write("written\n")
sys.stderr.write("error text\n")
sys.stdout.flush()
print("a", "b", sep="-", end="\n\n", file=sys.stderr, flush=True)
print(sys.stdout.encoding, sys.stderr.encoding, sys.stdout.name, sys.stdout.isatty(), sys.stdin.name)
