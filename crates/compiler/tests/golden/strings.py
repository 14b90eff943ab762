def strings(a, b):
    c = f"{a} and {b!r:>{a}}" "tail" f"{a + b = }"
    d = t"hello {a!s:x} {b}"
    return c, d, "\ud800" "x", b"bytes" b"\xff", 0xFFFFFFFFFFFFFFFFFF, -1, 1 + 2j, (1, "two", None), ...
