"""Float arithmetic: a Mandelbrot picture, a numerical integral, conversions.

Group: float arithmetic
Counted: 16
"""
import math
import sys


def mandelbrot(size):
    inside = 0
    for row in range(size):
        ci = 2.0 * row / size - 1.0
        for column in range(size):
            cr = 2.0 * column / size - 1.5
            zr = zi = 0.0
            for _ in range(50):
                zr, zi = zr * zr - zi * zi + cr, 2.0 * zr * zi + ci
                if zr * zr + zi * zi > 4.0:
                    break
            else:
                inside += 1
    return inside


def integral(n):
    total = 0.0
    for i in range(n):
        x = (i + 0.5) / n
        total += math.sin(x) * x + abs(x - 0.5)
    return total / n


size = int(sys.argv[1]) if len(sys.argv) > 1 else 800
print(mandelbrot(size), "%.9f" % integral(size * 4000), int(1e6 * integral(1000)))
