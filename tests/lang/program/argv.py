# args: one two three=3 -x
# The command line reaches sys.argv.
import sys

print(len(sys.argv), sys.argv[1:], sys.argv[0].split("/")[-1], __name__, __file__.split("/")[-1])
