# sys.exit inside handlers and functions; a caught SystemExit does not exit.
import sys


def leave(code):
    try:
        sys.exit(code)
    finally:
        print("leaving with", code)


try:
    leave(5)
except SystemExit as e:
    print("caught", e.code, repr(e))
try:
    sys.exit("text")
except BaseException as e:
    print(type(e).__name__, e.code)
try:
    1 / 0
except ZeroDivisionError:
    leave(300)
