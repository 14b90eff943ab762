"""The largest singular value of an infinite matrix, by the power method: floats, calls, comprehensions.

Group: float arithmetic
Counted: 24
"""
import sys


def entry(i, j):
    return 1.0 / ((i + j) * (i + j + 1) // 2 + i + 1)


def times(vector):
    return [sum(entry(i, j) * x for j, x in enumerate(vector)) for i in range(len(vector))]


def transposed_times(vector):
    return [sum(entry(j, i) * x for j, x in enumerate(vector)) for i in range(len(vector))]


def main(n):
    u = [1.0] * n
    for _ in range(6):
        v = transposed_times(times(u))
        u = transposed_times(times(v))
    uv = sum(a * b for a, b in zip(u, v))
    vv = sum(b * b for b in v)
    return (uv / vv) ** 0.5


print("%.9f" % main(int(sys.argv[1]) if len(sys.argv) > 1 else 450))
