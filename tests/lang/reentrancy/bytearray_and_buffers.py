# bytearray and memoryview while callbacks resize them.
class Index:
    def __init__(self, value, action):
        self.value, self.action = value, action

    def __index__(self):
        self.action()
        return self.value


def attempt(label, f):
    try:
        print(label, f())
    except Exception as e:
        print(label, type(e).__name__, e)


b = bytearray(b"abcdef")
attempt("set", lambda: b.__setitem__(0, Index(65, b.clear)))
print(b)
b = bytearray(b"abcdef")
attempt("append", lambda: b.append(Index(65, b.clear)))
print(b)
b = bytearray(b"abcdef")
attempt("insert", lambda: b.insert(Index(3, b.clear), 65))
print(b)


def source():
    yield 1
    b.clear()
    yield 2


b = bytearray(b"abc")
attempt("extend", lambda: b.extend(source()))
print(b)
b = bytearray(b"abc")
m = memoryview(b)
for name, f in (("append", lambda: b.append(1)), ("clear", b.clear), ("pop", b.pop), ("del", lambda: b.__delitem__(0)), ("iadd", lambda: b.__iadd__(b"x")), ("slice", lambda: b.__setitem__(slice(0, 1), b"xyz")), ("same size", lambda: b.__setitem__(slice(0, 1), b"Z")), ("extend", lambda: b.extend(b"q"))):
    attempt(name, f)
print(b, bytes(m))
m.release()
b.append(33)
print(b)
b = bytearray(b"ab")
b += bytes(b)
b.extend(b)
b[1:3] = b
print(b, len(b))
b *= 2
print(len(b), b.count(b"a"), b.join([b"1", b"2"]))
with memoryview(b) as m:
    attempt("release inside", lambda: m.release())
attempt("closed", lambda: m[0])
import io

s = io.BytesIO(b"abcdef")
view = s.getbuffer()
attempt("write while viewed", lambda: s.write(b"xyz" * 10))
attempt("truncate while viewed", lambda: s.truncate(0))
view.release()
attempt("write", lambda: s.write(b"xyz"))
print(s.getvalue())
