"""f-strings, format specifications, the percent operator, str.format, repr, float text and its parsing.

Group: strings
Counted: 1500
"""
import sys


class Money:
    def __init__(self, cents):
        self.cents = cents

    def __format__(self, spec):
        return format(self.cents / 100, spec or ".2f")

    def __repr__(self):
        return f"Money({self.cents!r})"


def main(n):
    total = 0
    for i in range(n):
        x = i / 7
        total += len(f"{i} of {n}: {x:.3f} ({i:>8,d} | {i:#06x} | {x!r:<20} | {i % 3 == 0})")
        total += len("%5d %-8s %06.2f %x" % (i, "row", x, i))
        total += len("{0:>10} {1:^12} {name:.4e}".format(i, "mid", name=x))
        total += len(f"{Money(i)} {Money(i)!r} {Money(i):>12.3f}")
        total += len(str([i, x, "text", None])) + len(repr({"key": (i, x)}))
        total += int(float(f"{x:.6g}") * 10) + int(float(repr(x)) == x)
        total += len(str(x)) + len("-".join(map(str, (i, i + 1, i + 2))))
    return total


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 110_000))
