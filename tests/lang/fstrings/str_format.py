# str.format: fields, indexing, attributes, conversions, nested specs, errors; format_map.
class P:
    x, y = 1, 2

    def __str__(self): return "P str"
    def __repr__(self): return "P repr"


print("{} {}".format(1, "a"), "{1} {0} {1}".format("x", "y"), "{a} {b}".format(a=1, b=2), "{0.x} {p.y}".format(P(), p=P()), "{0[1]} {d[k]} {d[2]}".format([5, 6], d={"k": 7, 2: 8}))
print("{!r} {!s} {!a}".format("é", P(), "é"), "{:>5}|{:<5}|{:^5}".format(1, 2, 3), "{:{}}|{:{w}.{p}}".format("a", 5, 3.14159, w=8, p=3), "{{}} {{{}}}".format(1), "{0!r:>10}".format("a"), "{:,} {:%}".format(1234567, 0.5))
print("{a[b].x}".format(a={"b": P()}), "{0[0][1]}".format([[1, 2]]), "{[0]}".format("abc"), "{.x}".format(P()), "".format(), "{}".format(None), "{:5}|{:<5}|".format(True, "ab"))
print("{x} {y}".format_map({"x": 1, "y": 2}), "{k}".format_map(type("D", (dict,), {"__missing__": lambda s, k: f"<{k}>"})()))
for text, args, kwargs in (("{}", (), {}), ("{a}", (), {}), ("{0} {}", (1, 2), {}), ("{} {0}", (1, 2), {}), ("{", (), {}), ("}", (), {}), ("{!x}", (1,), {}), ("{!}", (1,), {}), ("{0.nope}", (1,), {}), ("{0[5]}", ([],), {}), ("{0[a]}", ([],), {}), ("{:d}", ("a",), {}), ("{:5", (1,), {}), ("{a b}", (), {"a b": 1}), ("{0x}", (1,), {}), ("{0[}", (1,), {}), ("{0.}", (1,), {}), ("{0[]}", ([1],), {}), ("{:{:{}}}", (1, 2, 3), {}), ("{-1}", (1,), {})):
    try:
        print(repr(text), text.format(*args, **kwargs))
    except Exception as e:
        print(repr(text), type(e).__name__, e)
print(format("abc", ".2"), format("abc", "6.2") + "|", format("abc", "*^7"), format("x", "05"), format(P()), format([1]), format(None, ""))
for v, s in (("a", "d"), ("a", "="), ("a", "+"), ("a", ",") , ([], "5"), (P(), "x"), (None, "5")):
    try:
        print(format(v, s))
    except Exception as e:
        print(type(e).__name__, e)
