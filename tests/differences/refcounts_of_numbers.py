"""Numbers that are immediate values have no count of their own: references to them come and go without a trace.

CPython counts references to every int above 256 and to every float. Here a number that fits into a word is copied, not
referred to, so its count never moves. What is held by counts (lists, instances, big ints) behaves as in CPython.
"""
import sys

for value in (int("1000003"), float("2.5"), int("9" * 40), [1]):
    before = sys.getrefcount(value)
    crowd = [value] * 100
    print(type(value).__name__, value if value != [1] else "list", sys.getrefcount(value) - before)
    del crowd
