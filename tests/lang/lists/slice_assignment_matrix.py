# Every slice assignment and deletion on a list of six agrees with rebuilding the list by hand.
bounds = [None, 0, 2, 5, 6, 9, -1, -4, -9]
checked = wrong = 0
for lo in bounds:
    for hi in bounds:
        for step in (None, 1, 2, -1, -2):
            base = list(range(6))
            indices = list(range(6))[lo:hi:step]
            a = base[:]
            del a[lo:hi:step]
            checked += 1
            if a != [x for i, x in enumerate(base) if i not in indices]:
                wrong += 1
                print("del", lo, hi, step, a)
            a = base[:]
            new = [f"n{i}" for i in range(len(indices))]
            a[lo:hi:step] = new
            expected = base[:]
            if step in (None, 1):
                start, stop, _ = slice(lo, hi).indices(6)
                expected = base[:start] + new + base[max(start, stop):]
            else:
                for i, x in zip(indices, new):
                    expected[i] = x
            checked += 1
            if a != expected:
                wrong += 1
                print("set", lo, hi, step, a, expected)
print(checked, wrong)
a = list(range(4))
a[1:1] = a
print(a)
a[:] = (x for x in "xyz")
print(a)
a[3:] = {"k": 1}
print(a)
a[-1:0:-1] = "123"
print(a)
a[::2] = a[1::2]
print(a)
for bad in (lambda: a.__setitem__(slice(0, 3, 2), "a"), lambda: a.__setitem__(slice(0, 1), None)):
    try:
        bad()
    except (ValueError, TypeError) as e:
        print(e)
