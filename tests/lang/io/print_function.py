# print: separators, ends, objects with and without __str__, errors.
class S:
    def __str__(self):
        return "from str"


class R:
    def __repr__(self):
        return "from repr"


print(S(), R(), [S.__name__, R()], sep="; ")
print(1, 2, sep="", end="|\n")
print("a", "b", sep=None, end=None)
print(*range(5), sep=" < ")
print("é中😀", "tab\there", "nul\0".encode())
print(True, None, 1.0, 1e100, -0.0, 1j, b"x", (1,), {}, set(), frozenset(), range(2), ..., NotImplemented)
for kwargs in ({"sep": 5}, {"end": 1}, {"file": 5}, {"bogus": 1}):
    try:
        print("x", **kwargs)
    except Exception as e:
        print(type(e).__name__, e)


class Bad:
    def __str__(self):
        return 5


class Raises:
    def __repr__(self):
        raise ValueError("in repr")


for x in (Bad(), Raises(), [Raises()]):
    try:
        print("before", x)
    except Exception as e:
        print("|", type(e).__name__, e)
print("multi\nline", "end")
print("%s" % "formatted", "{}".format(1), f"{2}")
print(end="")
print()
print("", end="\n")
print(print(1))
print(repr("quote'"), repr('both\'"'), str("plain"), ascii("é"))
