# The exit code True is 1.
import sys

print(isinstance(True, int))
sys.exit(True)
