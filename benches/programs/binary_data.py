"""bytes, bytearray, memoryview and struct: a checksum, a packed table, a run-length code, base64 and hex.

Group: strings
Counted: 1500
"""
import array
import base64
import struct
import sys

ROW = struct.Struct("<IhBd4s")


def checksum(data):
    low, high = 1, 0
    for byte in data:
        low = (low + byte) % 65521
        high = (high + low) % 65521
    return high << 16 | low


def squeeze(data):
    out = bytearray()
    i = 0
    while i < len(data):
        j = i
        while j < len(data) and j - i < 255 and data[j] == data[i]:
            j += 1
        out.append(j - i)
        out.append(data[i])
        i = j
    return bytes(out)


def main(n):
    table = bytearray()
    for i in range(n):
        table += ROW.pack(i, i % 1000 - 500, i & 255, i / 3, b"ab%02d" % (i % 100))
    total = checksum(table)
    for number, small, byte, real, tag in ROW.iter_unpack(table):
        total += number + small - byte + int(real) + tag[3]
    view = memoryview(table)
    for i in range(n):
        total += struct.unpack_from("<I", view, i * ROW.size)[0]
        struct.pack_into(">H", table, i * ROW.size, i & 0xFFFF)
    total += len(squeeze(bytes(n) + table[: n * 4]))
    numbers = array.array("i", range(n))
    for i in range(1, n):
        numbers[i] ^= numbers[i - 1]
    total += sum(numbers) + len(numbers.tobytes())
    text = base64.b64encode(table)
    total += len(text) + len(base64.b64decode(text)) + len(table.hex()) + len(bytes.fromhex(table.hex()))
    total += table.count(b"ab") + table.find(b"zz") + len(table.split(b"a")) + len(bytes(table).translate(None, b"ab"))
    for i in range(n):
        total += int.from_bytes(view[i:i + 6], "little") & 15
        total += (i * i).to_bytes(8, "big")[7]
    return total


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000))
