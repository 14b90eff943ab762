# memoryview: slices, casts, writes, release.
data = bytearray(b"0123456789")
m = memoryview(data)
print(m[0], m[1:3].tobytes(), bytes(m[::-1]), len(m), m.readonly, m.format, m.itemsize, m.nbytes, m.shape, m.ndim, m.tolist()[:3], m == data, m[2:4] == b"23", m.contiguous)
m[0] = 65
m[1:3] = b"BC"
print(data, m.hex())
try:
    data.append(1)
except BufferError as e:
    print(e)
half = m[5:]
half[0] = 33
print(data, half.obj is data, half.tobytes())
m.release()
half.release()
data.append(1)
print(data)
try:
    m[0]
except ValueError as e:
    print(e)
r = memoryview(b"abc")
print(r.readonly, list(r), 98 in r, hash(r) == hash(b"abc"))
for f in (lambda: r.__setitem__(0, 1), lambda: r[9], lambda: memoryview(5), lambda: memoryview("x"), lambda: memoryview(bytearray(4)).__setitem__(0, 300), lambda: memoryview(bytearray(4)).__setitem__(slice(0, 2), b"abc"), lambda: memoryview(bytearray(3)).cast("I")):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
c = memoryview(bytearray(8)).cast("I")
c[0] = 258
print(len(c), c.tolist(), c.tobytes(), c.itemsize, c.format)
with memoryview(b"xyz") as w:
    print(w[1])
try:
    w[0]
except ValueError as e:
    print(e)
print(bytes(memoryview(b"ab")) + b"c", b"".join([memoryview(b"x"), b"y"]), bytearray(memoryview(b"q")), int.from_bytes(memoryview(b"\x01\x00")), b"abc".startswith(bytes(memoryview(b"ab"))))
