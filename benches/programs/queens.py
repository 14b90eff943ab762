"""Place queens on a board, once with sets of attacked lines and once with bits.

Group: int arithmetic
Counted: 9
"""
import sys


def by_sets(n, row, columns, rising, falling):
    if row == n:
        return 1
    count = 0
    for column in range(n):
        up, down = row + column, row - column
        if column in columns or up in rising or down in falling:
            continue
        columns.add(column)
        rising.add(up)
        falling.add(down)
        count += by_sets(n, row + 1, columns, rising, falling)
        columns.remove(column)
        rising.remove(up)
        falling.remove(down)
    return count


def by_bits(every, columns, rising, falling):
    if columns == every:
        return 1
    count = 0
    free = every & ~(columns | rising | falling)
    while free:
        bit = free & -free
        free ^= bit
        count += by_bits(every, columns | bit, (rising | bit) << 1, (falling | bit) >> 1)
    return count


def main(n):
    return by_sets(n, 0, set(), set(), set()), by_bits((1 << n) - 1, 0, 0, 0)


print(*main(int(sys.argv[1]) if len(sys.argv) > 1 else 12))
