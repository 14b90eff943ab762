# str.encode, bytes.decode and their error handlers.
s = "aé中😀"
for codec in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf8", "UTF-8"):
    b = s.encode(codec)
    print(codec, b, b.decode(codec) == s)
print("é".encode("latin-1"), b"\xe9".decode("latin-1"), "abc".encode("ascii"), "x".encode("utf-16")[:2])
for errors in ("ignore", "replace", "xmlcharrefreplace", "backslashreplace", "namereplace"):
    print(errors, s.encode("ascii", errors))
for errors in ("ignore", "replace", "backslashreplace", "surrogateescape"):
    print(errors, ascii(b"a\xff\xc3b\xe4\xb8".decode("utf-8", errors)))
print(b"\xff\x80".decode("utf-8", "surrogateescape").encode("utf-8", "surrogateescape"))
for f in (lambda: s.encode("ascii"), lambda: b"a\xff".decode("utf-8"), lambda: b"\xe4\xb8".decode(), lambda: "\ud800".encode(), lambda: s.encode("nope"),
          lambda: "é".encode("ascii", "bogus"), lambda: b"\x80".decode("ascii"), lambda: "中".encode("latin-1"), lambda: b"\xc0\x80".decode(), lambda: b"\xed\xa0\x80".decode()):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
try:
    "aé".encode("ascii")
except UnicodeEncodeError as e:
    print(e.encoding, e.object, e.start, e.end, e.reason)
try:
    b"ab\xff".decode()
except UnicodeDecodeError as e:
    print(e.encoding, e.object, e.start, e.end, e.reason)
print(ascii("\ud800"), len("\ud800"), "\ud800".encode("utf-8", "surrogatepass"))
