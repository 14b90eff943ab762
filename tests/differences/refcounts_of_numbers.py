# reason: numbers that fit into a word are values, not heap objects, which saves memory and time.
"""Numbers that are immediate values have no count of their own: references to them come and go without a trace.

CPython counts references to every int above 256 and to every float. Here a number that fits into a word is copied, not
referred to, so its count never moves. What is held by counts (lists, instances, big ints) behaves as in CPython.
"""
import sys

for value in (int("1000003"), float("2.5"), int("9" * 40), [1]):
    before = sys.getrefcount(value)
    crowd = [value] * 100
    change = sys.getrefcount(value) - before
    print(type(value).__name__, value, change)
    del crowd
