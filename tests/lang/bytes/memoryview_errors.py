# What memoryview refuses, and in what words.
import array
m = memoryview(bytearray(range(8)))
r = memoryview(b"abcdefgh")
released = memoryview(b"a")
released.release()
grid = m.cast("B", (2, 4))
cases = """
memoryview()
memoryview(1)
memoryview('a')
memoryview(b'a', 1)
m['a']
m[8]
m[-9]
m[1.0]
m[0, 0]
m[0, 0, 0]
grid[0]
grid[0, 1]
grid[1, 4]
grid[2, 0]
grid[0, 0, 0]
grid[0:1, 0:1]
grid.tolist()
len(grid), grid.shape, grid.strides, grid.ndim, grid.nbytes, grid.itemsize
m[::2].tolist()
m[::-1].tolist()
m[::2].contiguous, m[::2].c_contiguous, m[::2].f_contiguous
m[::2].cast('B')
m.cast('x')
m.cast(1)
m.cast('i')[0]
m.cast('H').cast('I')
m.cast('B', 8)
m.cast('B', [2, 2])
m.cast('B', [3, 0])
m.cast('B', ['a'])
m[:7].cast('H')
m.cast('d').tolist()
m.cast('?').tolist()
m.cast('c').tolist()
m.__setitem__(0, 256)
m.__setitem__(0, -1)
m.__setitem__(0, 'a')
m.__setitem__(0, b'a')
m.__setitem__(8, 1)
m.__setitem__(slice(0, 2), b'abc')
m.__setitem__(slice(0, 2), 5)
m.__setitem__(slice(0, 2), 'ab')
m.__setitem__(slice(0, 4, 2), b'zz')
m.__delitem__(0)
m.cast('c').__setitem__(0, 65)
m.cast('c').__setitem__(0, b'AB')
m.cast('d').__setitem__(0, 'a')
m.cast('b').__setitem__(0, 200)
m.cast('?').__setitem__(0, 7)
r.__setitem__(0, 1)
r.__setitem__(slice(0, 1), b'a')
r.readonly, m.readonly, r.format, r.obj
hash(r) == hash(b'abcdefgh')
hash(m)
hash(r.cast('H'))
m == bytes(m), m == 'a', m < m
r.toreadonly().readonly, m.toreadonly().readonly
m.tobytes('x')
m.tobytes(order='F')
m.hex(':', 2)
bytes(m[2:5])
list(m[5:])
97 in r
r.index(99)
r.index(1)
r.count(97)
released[0]
len(released)
released.tobytes()
released.format
released.release()
str(released)[:22]
hash(released)
released == b'a'
memoryview(released)
iter(released)
m + m
m * 2
memoryview(array.array('i', [1, 2, 3])).tolist()
memoryview(array.array('d', [1, 2])).format
memoryview(array.array('u', 'ab'))[0]
memoryview[int]
""".strip().split("\n")
for case in cases:
    try:
        print(case, "->", eval(case))
    except Exception as error:
        print(case, "!!", type(error).__name__, error)
b = bytearray(b"abc")
with memoryview(b) as view:
    for change in (lambda: b.append(1), lambda: b.clear(), lambda: b.pop(), lambda: b.extend(b"x"), lambda: b.__delitem__(0), lambda: b.__setitem__(slice(0, 1), b""), lambda: b.__iadd__(b"x"), lambda: b.__imul__(2)):
        try:
            print(change())
        except BufferError as error:
            print(error)
    b[0:2] = b"xy"
    print(bytes(view))
b.append(1)
print(b)
