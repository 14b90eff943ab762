# A list may change under its iterator.
a = [1, 2, 3, 4]
for x in a:
    if x == 2:
        a.remove(2)
    print(x, a)
a = [1, 2, 3]
for x in a:
    if len(a) < 6:
        a.append(x * 10)
print(a)
a = [1, 2, 3, 4, 5]
for i, x in enumerate(a):
    del a[0]
print(i, a)
a = [1, 2, 3]
it = iter(a)
print(next(it))
a.clear()
print(next(it, "exhausted"))
a.extend([7, 8, 9])
print(next(it, "still exhausted"))
a = [1, 2, 3]
r = reversed(a)
print(next(r))
a.append(4)
print(list(r))
a = list(range(5))
a[1:3] = [x * 100 for x in a]
print(a)
for x in a[:]:
    if x >= 100:
        a.remove(x)
print(a)


class Evil:
    def __eq__(self, other):
        b.clear()
        return False


b = [Evil(), Evil(), 3]
print(3 in b, b)
b = [1, 2, Evil()]
print(b.count(5), b)
print([0, 1, 2].__length_hint__ if hasattr([], "__length_hint__") else "no hint", iter([1, 2, 3]).__length_hint__())
grid = [[0] * 3] * 3
grid[0][0] = 1
print(grid)
grid = [[0] * 3 for _ in range(3)]
grid[0][0] = 1
print(grid)
