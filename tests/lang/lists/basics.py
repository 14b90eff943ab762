# Lists: indexing, slices, methods, errors.
a = [3, 1, 2]
a.append(5); print(a)
a.extend([7, 8]); a.extend("xy"); print(a)
a.insert(0, "first"); a.insert(-1, "before last"); a.insert(100, "end"); print(a)
print(a.pop(), a.pop(0), a.pop(-2), a)
a.remove("x"); print(a)
a.reverse(); print(a, a.index(1), a.count(1))
b = a.copy(); b.clear(); print(a, b)
print([1, 2] + [3], [0] * 3, 2 * [1, 2], [1] * 0, [] + [], 2 in [1, 2], 5 not in [1])
print([1, 2, 3] < [1, 2, 4], [1] < [1, 0], [] < [0], [2] > [1, 9], [1, [2]] == [1, [2]], [1] != [1.0])
c = list(range(10))
print(c[2:5], c[::-1], c[-3:], c[::3], c[8:2:-2], c[:], c[20:], c[-100:2])
c[2:5] = ["a"]; print(c)
c[1:1] = [9, 9]; print(c)
c[::2] = "fghij"[:len(c[::2])]; print(c)
del c[0], c[-1]; print(c)
del c[1:3]; print(c)
del c[::2]; print(c)
c[:] = []; print(c)
a = [1, 2, 3]
a += (4, 5); a *= 2; print(a)
a[1:3] = a; print(a)
for f in (lambda: a[100], lambda: a.pop(99), lambda: [].pop(), lambda: a.remove(99), lambda: a.index(99), lambda: a + (1,), lambda: a["x"],
          lambda: a.__setitem__(100, 1), lambda: a.__delitem__(100), lambda: a.__setitem__(slice(0, 4, 2), [1]), lambda: [1] * "a", lambda: a.extend(5),
          lambda: list(5), lambda: a.insert(1), lambda: [1] < ["a"], lambda: a[1.5], lambda: hash([]), lambda: a.append(), lambda: a.append(1, 2)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
x = [1, [2, 3]]
x.append(x)
print(x, x[2][2][1], repr(x))
print(list(), list("ab"), list({1: 2}), list((1, 2)), [*range(3), *"ab"], [[]] * 2)
