"""Raise, catch, match, chain and clean up.

Group: exceptions
Counted: 6000
"""
import sys


class Refused(ValueError):
    pass


def check(i):
    if i % 3 == 0:
        raise Refused(i)
    if i % 5 == 0:
        raise KeyError(i)
    return i


def guarded(i):
    try:
        return check(i)
    finally:
        i += 1


def main(n):
    total = 0
    for i in range(n):
        try:
            total += guarded(i)
        except KeyError as error:
            total += error.args[0] & 3
        except ValueError:
            total += 1
        else:
            total -= 1
        try:
            try:
                {}[i]
            except KeyError as error:
                raise Refused(i) from error
        except Refused as error:
            total += error.__cause__.args[0] & 1
    return total


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_500_000))
