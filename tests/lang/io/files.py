# Reading and writing files: modes, iteration, seek, tell, with, closing.
import os

path = f"/tmp/taipan_test_files_{os.getpid()}.txt"
with open(path, "w", encoding="utf-8") as f:
    print(f.write("first line\n"), f.write("second é\n"), f.writelines(["third\n", "last"]), f.name == path, f.mode, f.closed, f.writable(), f.readable())
print(f.closed)
with open(path, encoding="utf-8") as f:
    print(repr(f.read()), repr(f.read()))
with open(path, encoding="utf-8") as f:
    print(repr(f.readline()), repr(f.readline(3)), repr(f.read(2)), repr(f.readline()), f.readlines())
with open(path, encoding="utf-8") as f:
    for n, line in enumerate(f, 1):
        print(n, line.rstrip("\n"))
with open(path, "rb") as f:
    data = f.read()
    print(data, f.tell(), f.seek(0), f.read(5), f.seek(-4, 2), f.read(), f.seek(6), f.readline())
with open(path, "a", encoding="utf-8") as f:
    f.write("\nappended")
    print("appended line", file=f)
print(open(path, encoding="utf-8").read().splitlines())
with open(path, "r+", encoding="utf-8") as f:
    f.write("FIRST")
    f.seek(0)
    print(repr(f.readline()))
with open(path, "w+b") as f:
    f.write(b"binary\x00\xff")
    f.seek(0)
    print(f.read(), f.truncate(3), f.seek(0), f.read())
try:
    open(path, "x")
except FileExistsError as e:
    print(type(e).__name__, e.errno, e.strerror)
for args in (("/tmp/taipan_no_such_file",), (path, "q"), (path, "rw"), (path, "rb", -1, "utf-8"), ("/tmp",), ("",), (5.5,), ("/tmp/taipan/none/x", "w"), ("a\0b",)):
    try:
        open(*args)
        print("opened", args)
    except Exception as e:
        print(type(e).__name__, e)
f = open(path, "w")
f.close()
f.close()
for g in (lambda: f.write("x"), lambda: f.read(), lambda: next(f), lambda: f.fileno()):
    try:
        g()
    except ValueError as e:
        print(e)
with open(path, "w") as f:
    try:
        f.write(b"bytes")
    except TypeError as e:
        print(e)
    try:
        f.read()
    except OSError as e:
        print(type(e).__name__, e)
with open(path, "w", newline="") as f:
    f.write("a\r\nb\rc\n")
print(open(path).read().encode(), open(path, newline="").read().encode(), open(path, "rb").read())
with open(path, "wb") as f:
    f.write(b"ok \xff bad")
try:
    open(path, encoding="utf-8").read()
except UnicodeDecodeError as e:
    print(e)
print(ascii(open(path, encoding="utf-8", errors="replace").read()), ascii(open(path, encoding="latin-1").read()))
os.remove(path)
print(os.path.exists(path))
