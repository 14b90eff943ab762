# sys.exit with a number sets the exit code, after finally blocks ran.
import sys


class Last:
    def __del__(self):
        print("finalised")


last = Last()
try:
    print("before")
    sys.exit(3)
finally:
    print("finally")
print("never")
