# bytes and bytearray.
b = b"hello"
print(b[0], b[-1], b[1:3], b[::-1], len(b), b + b"!", b * 2, b"l" in b, 104 in b, list(b"ab"), b == b"hello", b < b"help", b != "hello")
print(b"\x00\xff\n\t\\'", b'"', b"it's", rb"\n", bytes(3), bytes([1, 2]), bytes("é", "utf-8"), bytes(range(3)), b"a" b"b", bytes(b"x"), bytes())
print(b.upper(), b.find(b"l"), b.find(108), b.index(b"o"), b.replace(b"l", b"L"), b.split(b"l"), b.startswith(b"he"), b.count(b"l"), b" x ".strip(), b.hex(), b.hex(":"), bytes.fromhex("68 65"), b.center(9, b"*"), b.isalpha(), b.title(), b"a,b".partition(b","), b",".join([b"x", b"y"]), b"1".zfill(3), b"AbC".swapcase(), b"a\nb".splitlines())
print(b"%d %s %x" % (5, b"x", 255), b"%b" % b"z", b"abc".translate(bytes.maketrans(b"a", b"z")), b"abc".translate(None, b"b"), b"a\tb".expandtabs(4), b"xax".strip(b"x"), b"pre-x".removeprefix(b"pre-"))
a = bytearray(b"abc")
a.append(100); a.extend(b"ef"); a[0] = 65; a[1:3] = b"XY Z"; print(a, len(a))
del a[0]; a.insert(0, 33); print(a, a.pop(), a.pop(0), a); a.remove(ord("X")); a.reverse(); a += b"!"; a *= 2; print(a, bytes(a), a == bytes(a), a.copy(), a.decode())
a[::2] = b"." * len(a[::2]); print(a); a.clear(); print(a, bytearray(3), bytearray([1]), bytearray("x", "ascii"))
for f in (lambda: b[9], lambda: b + "x", lambda: bytes([256]), lambda: bytes("x"), lambda: bytes(-1), lambda: b"x" in "x", lambda: "x" in b"x", lambda: bytes.fromhex("6"), lambda: bytes.fromhex("zz"), lambda: b.index(b"z"), lambda: bytearray(b"a").append(256), lambda: bytearray(b"a").append("x"), lambda: b.join(["x"]), lambda: hash(bytearray()), lambda: bytes([1.5]), lambda: b"%d" % "x", lambda: b.split(""), lambda: int(b"1x"), lambda: 300 in b, lambda: ord(b"ab")):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
try:
    b[0] = 1
except TypeError as e:
    print(e)
print(hash(b"a") == hash(b"a"), {b"k": 1}[b"k"], b"a" == "a", str(b"x"), repr(bytearray(b"y")), f"{b'z'}", int(b"12"), float(b"1.5"), b"" or "empty", ord(b"a"), max(b"az"), sorted(b"ba"), [x for x in b"ab"], bytes(reversed(b"ab")))
