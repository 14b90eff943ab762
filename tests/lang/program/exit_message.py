# SystemExit with a message prints it to stderr and exits with 1.
import sys

print("before")
sys.exit("something went wrong")
