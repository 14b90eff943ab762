"""Create and drop three-attribute instances, keeping a sliding window alive.

Group: memory churn
Counted: 20000
"""
import sys


class Point:
    def __init__(self, x, y, z):
        self.x = x
        self.y = y
        self.z = z


def main(n):
    window = [None] * 1024
    total = 0
    for i in range(n):
        p = Point(i, i + 1, i + 2)
        total += p.y
        window[i & 1023] = p
    points = [Point(i, i, i) for i in range(n)]
    total += points[n // 2].z
    del points
    return total


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
