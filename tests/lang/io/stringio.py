# In-memory streams.
import io

s = io.StringIO()
print("hello", 5, file=s)
s.write("more\n")
print(repr(s.getvalue()), s.tell(), s.seek(0), repr(s.readline()), repr(s.read()), s.closed)
s.seek(2)
s.write("XX")
print(repr(s.getvalue()), s.truncate(4), repr(s.getvalue()))
s = io.StringIO("a\nb\nc")
print(list(s), s.read(), s.seek(0), s.readlines(1))
b = io.BytesIO(b"abc")
print(b.read(2), b.read(), b.read(), b.write(b"def"), b.getvalue(), b.seek(1), b.read(1), b.getbuffer()[0])
with io.StringIO("x") as c:
    print(c.read())
try:
    c.read()
except ValueError as e:
    print(e)
for f in (lambda: io.StringIO(b"x"), lambda: io.BytesIO("x"), lambda: s.write(5), lambda: b.write("x"), lambda: s.seek(-1), lambda: io.StringIO().fileno()):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)
t = io.TextIOWrapper(io.BytesIO("é\nß".encode()), encoding="utf-8")
print(t.readline(), t.read(), t.encoding)
w = io.TextIOWrapper(buf := io.BytesIO(), encoding="utf-8", newline="\r\n")
w.write("a\nb")
w.flush()
print(buf.getvalue())


class Upper(io.StringIO):
    def write(self, s):
        return super().write(s.upper())


u = Upper()
print("shout", file=u)
print(u.getvalue(), isinstance(u, io.TextIOBase), isinstance(b, io.BufferedIOBase), isinstance(u, io.IOBase))


class Writer:
    def write(self, s):
        collected.append(s)


collected = []
print("a", 1, sep="-", end="!", file=Writer())
print(collected)
