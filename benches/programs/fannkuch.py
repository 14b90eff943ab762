"""Flip the heads of all permutations of a list: slices reversed in place, small integers.

Group: int arithmetic
Counted: 7
"""
import sys


def flips_of(order):
    order = order[:]
    flips = 0
    while first := order[0]:
        order[: first + 1] = order[first::-1]
        flips += 1
    return flips


def permutations(n):
    order = list(range(n))
    counts = list(range(n))
    sign = 1
    while True:
        yield order, sign
        sign = -sign
        for i in range(1, n):
            order.insert(i, order.pop(0))
            counts[i] -= 1
            if counts[i] >= 0:
                break
            counts[i] = i
        else:
            return


def main(n):
    most = checksum = 0
    for order, sign in permutations(n):
        if order[0]:
            flips = flips_of(order)
            most = max(most, flips)
            checksum += sign * flips
    return checksum, most


print(*main(int(sys.argv[1]) if len(sys.argv) > 1 else 9))
