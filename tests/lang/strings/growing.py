# A text that grows by `+=` in a loop: the result, and everything else that could hold the old text.
text = ""
for i in range(5000):
    text += chr(97 + i % 26)
print(len(text), text[:30], text[-5:], hash(text) == hash("".join(chr(97 + i % 26) for i in range(5000))))


def grow(start, parts):
    for part in parts:
        start += part
    return start


for start in ("a", "ab" * 10, "é", "日本", "x😀", "word" * 9):
    for parts in (["b"] * 40, ["é", "b"] * 20, ["語"] * 20, ["😀", "a"], [""] * 3, ["ab" * 50]):
        grown = grow(start, parts)
        assert grown == start + "".join(parts), (start, parts)
        assert grown == "".join([start, *parts]) and hash(grown) == hash("".join([start, *parts]))
        print(len(grown), ascii(grown[:3]), ascii(grown[-2:]))


# Other owners keep what they have.
def kept():
    s = "".join(["start", "ed"])
    first = s
    s += "-more"
    second = [s]
    s += "-and-more"
    table = {s: 1}
    hashed = hash(s)
    s += "!"
    return first, second, table, hashed == hash("started-more-and-more"), s


print(kept())


def doubled():
    s = "".join(["ab", "cd"])
    s += s
    s = s + s
    t = s + "x"
    return s, t, s is t


print(doubled())


def swapped():
    s, t = "".join(["le", "ft"]), "".join(["ri", "ght"])
    s = t + s
    s = s + t
    t = s + t
    return s, t


print(swapped())


class Named(str):
    def __add__(self, other):
        return "added " + other


n = Named("".join(["na", "med"]))
n += "!"
print(n)
name = "".join(["an_attr", "ibute"])
setattr(Named, name, 1)
name += "_more"
print(name, [k for k in vars(Named) if k.startswith("an_")])
