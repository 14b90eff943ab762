# Slices with every sign of bounds and step, on every sequence.
s = "0123456789"
bounds = (None, 0, 3, -3, 20, -20)
for step in (None, 1, 2, -1, -3):
    for lo in bounds:
        print(step, lo, [s[lo:hi:step] for hi in bounds])
sl = slice(1, 8, 3)
print(sl, sl.start, sl.stop, sl.step, sl.indices(5), slice(None, None, -1).indices(4), slice(-2, None).indices(10), slice(3), slice(1, 2) == slice(1, 2))
print(list(range(10))[sl], tuple(range(10))[sl], b"0123456789"[sl], bytearray(b"0123456789")[sl], range(10)[sl], s[sl])


class Show:
    def __getitem__(self, key):
        return key

    def __setitem__(self, key, value):
        print("set", key, value)

    def __delitem__(self, key):
        print("del", key)


x = Show()
print(x[1], x[1:2], x[::2], x[1:2, 3], x[:], x[...], x[()], x[1:2, ::3], x[-1], x["a":"b"], x[1,])
x[1:2] = 5
x[::, 3] = 6
del x[2:], x[0]
a = list(range(6))
a[1:4:2] = ["x", "y"]; print(a)
a[::-1] = range(6); print(a)
a[2:2] = [10, 11]; print(a)
a[4:1] = ["z"]; print(a)
a[-2:] = []; print(a)
del a[::3]; print(a)
for f in (lambda: s[::0], lambda: s["a":], lambda: a.__setitem__(slice(None, None, 2), [1]), lambda: a.__setitem__(slice(0, 1), 5), lambda: s[1.5:], lambda: slice(), lambda: slice(1).indices(-1), lambda: x[1:2:3].foo):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
print(hash(slice(1, 2)) == hash(slice(1, 2)), slice(1, 2) < slice(1, 3), s[True:3], s[2**70:], s[:2**70], s[-2**70:2])
