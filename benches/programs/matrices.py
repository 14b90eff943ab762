"""Multiply and invert matrices that are lists of lists of floats.

Group: float arithmetic
Counted: 36
"""
import sys


def matrix(n, seed):
    rows = []
    for _ in range(n):
        row = []
        for _ in range(n):
            seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
            row.append(seed / 0x7FFFFFFF - 0.5)
        rows.append(row)
    return rows


def product(a, b):
    n = len(a)
    result = [[0.0] * n for _ in range(n)]
    for i in range(n):
        into = result[i]
        for k in range(n):
            factor = a[i][k]
            row = b[k]
            for j in range(n):
                into[j] += factor * row[j]
    return result


def product_of_columns(a, b):
    columns = list(zip(*b))
    return [[sum([x * y for x, y in zip(row, column)]) for column in columns] for row in a]


def solve(a, b):
    n = len(a)
    rows = [row[:] + [x] for row, x in zip(a, b)]
    for i in range(n):
        pivot = max(range(i, n), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        top = rows[i]
        for r in range(i + 1, n):
            row = rows[r]
            factor = row[i] / top[i]
            for c in range(i, n + 1):
                row[c] -= factor * top[c]
    x = [0.0] * n
    for i in reversed(range(n)):
        x[i] = (rows[i][n] - sum(rows[i][k] * x[k] for k in range(i + 1, n))) / rows[i][i]
    return x


def main(n):
    a, b = matrix(n, 1), matrix(n, 2)
    c, d = product(a, b), product_of_columns(a, b)
    x = solve(a, [1.0] * n)
    error = max(abs(sum(p * q for p, q in zip(row, x)) - 1.0) for row in a)
    return "%.6f %.6f %s" % (sum(map(sum, c)), d[n // 2][n // 3], error < 1e-6)


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
