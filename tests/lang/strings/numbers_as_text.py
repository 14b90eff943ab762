"""Numbers to text and back: bases, lengths around a word's, signs, errors; formats; structs and bytes."""
import base64
import struct

for n in [0, 1, -1, 9, 10, 99, 100, -255, 10**18, 10**19 - 1, 10**19, 2**64, -2**64, 10**38, 10**38 - 1, 3**200, -7**333, 10**400]:
    print(n, str(n) == repr(n) == f"{n}" == "%d" % n, int(str(n)) == n, hex(n), oct(n), bin(n)[:70])
    print("%x %X %o %+d %08d" % (n, n, n, n, n), f"{n:#x} {n:_b} {n:,}"[:200])
    print(all(int(f, b) == n for f, b in ((hex(n), 16), (oct(n), 8), (bin(n), 2), (hex(n), 0), (f"{n:x}", 16))))
for text in ["12", " 12 ", "-0", "+7", "1_0", "1__0", "_1", "", "-", "9" * 18, "9" * 19, "9" * 20, "1" + "0" * 60, "12a", "\u0663", "1 2"]:
    try:
        print(int(text), int(text, 36))
    except ValueError as error:
        print(error)
print(int("zz", 36), int("z" * 12, 36), int("z" * 13, 36), int("6" * 18, 7), int("6" * 60, 7), int("1" * 62, 2), int("1" * 64, 2))


class Own:
    def __int__(self):
        return 5

    def __str__(self):
        return "own"

    def __format__(self, spec):
        return f"<{spec}>"


class Number(int):
    def __str__(self):
        return "a number"


class Word(str):
    def __int__(self):
        return 8


print(int(Own()), str(Own()), float(2), int(2.9), int(True), str(True), str(Number(3)), int(Number(3)), int(Word("4")), Number("12") + 1)
for bad in (None, [], Own):
    try:
        int(bad)
    except TypeError as error:
        print(error)

print("{0:>10}|{1:^12}|{name:.4e}|{name!r}|{2}|{2:spec}".format(12, "mid", Own(), name=2.5))
print("{:d} {:{}} {:{w}.{p}f} {{}}".format(5, "x", 4, 1.5, w=8, p=3), "{0[1]} {0[1]:>4} {a.real}".format([1, 2], a=3))
print("é{:é>4}{x}".format(1, x="\u0101"), "{a[k]:05d}".format(a={"k": 42}))
for template in ("{", "}", "{0", "{1}", "{x}", "{:q}", "{!z}", "{0}{}"):
    try:
        print(template.format(1))
    except (ValueError, IndexError, KeyError) as error:
        print(type(error).__name__, error)
for spec in ("", "5", ">5", "*^9", "+", "08.3f", ",", "_", ".2%", "e", "#x", "b", "c", "n", "s", "٣", "99999999999999999999"):
    for value in (65, -3, 2.5, "word", True, Number(3)):
        try:
            print(repr(format(value, spec)), end=" ")
        except (ValueError, OverflowError) as error:
            print(error, end=" ")
    print()

print(struct.pack("<bBhHiIqQ", -128, 255, -2, 65535, -2**31, 2**32 - 1, -2**63, 2**64 - 1), struct.pack(">hIq", -2, 7, -5))
for code, value in (("b", 128), ("B", -1), ("h", -32769), ("I", 2**32), ("q", 2**63), ("Q", -1), ("Q", 2**64), ("i", 2**40)):
    try:
        struct.pack("<" + code, value)
    except struct.error as error:
        print(error)
data = bytearray(range(40))
print(struct.unpack_from("<I", data, 3), struct.unpack_from("<I", data, -4), struct.unpack_from("40s", data), struct.unpack_from("<HB", memoryview(data), 5))
for offset in (37, -3, -41, 100):
    try:
        struct.unpack_from("<I", data, offset)
    except struct.error as error:
        print(error)
for _ in range(2):
    print([struct.unpack(fmt, b"abcdefgh") for fmt in ("<2I", ">2I", "8s", b"8c")])
print(list(struct.iter_unpack("<H", data[:6])), struct.calcsize("<bq"))
for n in (0, 1, 127, 128, 255, 256, 2**31, 2**63, 2**64 - 1):
    for order in ("big", "little"):
        made = n.to_bytes(9, order)
        print(made, int.from_bytes(made, order) == n, int.from_bytes(memoryview(made)[:8], order), int.from_bytes(made[1:3], order, signed=True))
for n, length, signed in ((256, 1, False), (-1, 2, False), (128, 1, True), (-129, 1, True), (1, 0, False)):
    try:
        print(n.to_bytes(length, "big", signed=signed))
    except OverflowError as error:
        print(error)
print((-128).to_bytes(1, "big", signed=True), (127).to_bytes(1, "big", signed=True), (-1).to_bytes(8, "little", signed=True), (0).to_bytes(0, "big"))
print(bytes.fromhex("00 fF1a"), bytes.fromhex("abCD"), b"\x00\xff\x1a".hex(), b"\x01\x02\x03".hex("-", 2), bytearray(b"\xab").hex())
for bad in ("a", "0g", "00 0", "é0"):
    try:
        bytes.fromhex(bad)
    except ValueError as error:
        print(error)
for length in range(8):
    coded = base64.b64encode(bytes(range(250, 250 - length, -1)))
    print(coded, base64.b64decode(coded) == bytes(range(250, 250 - length, -1)))
print(base64.b64decode(b"YW\nJj ZGVm"), base64.b64decode("YWJjZA=="))
for bad in (b"YWJ", b"YWJjZ", b"YW=="[:3]):
    try:
        base64.b64decode(bad)
    except ValueError as error:
        print(error)
