# stdin: first line\nsecond\n\nlast without newline
# Reading standard input.
import sys

print(repr(input()))
print(repr(input("prompt> ")))
print([line for line in sys.stdin])
print(repr(sys.stdin.read()))
try:
    input()
except EOFError as e:
    print("EOFError", e)
