# sort and sorted: stability, key, reverse, mixed kinds, errors inside comparisons.
print(sorted([3, 1, 2]), sorted("hello"), sorted([2.5, 1, True, -3]), sorted([]), sorted({"b": 1, "a": 2}))
a = ["bb", "a", "ccc", "dd"]
a.sort(key=len); print(a)
a.sort(key=len, reverse=True); print(a)
a.sort(reverse=True); print(a)
print(sorted([(1, "b"), (0, "z"), (1, "a")]), sorted([(1, "b"), (1, "a")], key=lambda t: t[0]))
import sys
records = [("x", i % 3, i) for i in range(12)]
print([r[2] for r in sorted(records, key=lambda r: r[1])], [r[2] for r in sorted(records, key=lambda r: -r[1], reverse=True)])


class Version:
    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        return self.n < other.n

    def __repr__(self):
        return f"v{self.n}"


print(sorted([Version(3), Version(1), Version(2)]), max([Version(3), Version(5), Version(2)], key=lambda v: v.n))
for f in (lambda: sorted([1, "a"]), lambda: sorted([None, 1]), lambda: sorted([1j, 2j]), lambda: [1].sort(1), lambda: sorted(5), lambda: sorted([3, 1], key=lambda x: 1 / 0)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
a = [3, 1, 2]
try:
    a.sort(key=lambda x: a.append(9) or x)
except ValueError as e:
    print(type(e).__name__, e)
n = 12345
numbers = []
for _ in range(3000):
    n = (n * 1103515245 + 12345) % 2**31
    numbers.append(n)
s = sorted(numbers)
print(all(s[i] <= s[i + 1] for i in range(len(s) - 1)), s[0], s[1500], s[-1], sum(s) == sum(numbers))
runs = list(range(500)) + list(range(600, 100, -1)) + [5] * 100
runs.sort(); print(runs[:3], runs[-3:], len(runs), runs == sorted(runs[::-1]))
print(sorted([0.0, -0.0, 0]), sorted(["b", "B", "a"], key=str.lower), list(reversed(sorted([1, 3, 2]))), min([3, 1]), max("ab", "c"), min([], default="none"))
try:
    max([])
except ValueError as e:
    print(e)
