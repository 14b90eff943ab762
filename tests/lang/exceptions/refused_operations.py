# What refuses the deletion of an item, and in which words.
class Plain:
    pass


class Index:
    def __index__(self):
        return 0


for value in (1, 2.5, None, "s", b"s", (1,), {1}, frozenset(), range(3), slice(1), Plain(), memoryview(b"a"), {}.keys(), len):
    for key in (0, "k", slice(1, 2), Index()):
        try:
            del value[key]
        except TypeError as error:
            print(type(value).__name__, type(key).__name__, error)
        try:
            value[key] = 1
        except TypeError as error:
            print(type(value).__name__, type(key).__name__, error)

# In place, the right operand repeats itself only for a left one that is no kind of collection.
for left in (1, None, 2.5, {}, {1}, Plain(), (1,), [1], "a", range(2), len, True):
    for right in ("ab", [1], (1,), b"x", 2, True, None):
        try:
            value = left
            value *= right
        except TypeError as error:
            print(error)
        else:
            print(value)
        try:
            print(left * right)
        except TypeError as error:
            print(error)


class Mapping:
    def __init__(self):
        self.asked = []

    def __getattr__(self, name):
        self.asked.append(name)
        if name == "keys":
            return lambda: ["a"]
        raise AttributeError(name)

    def __getitem__(self, key):
        return key


mapping = Mapping()
print({**mapping}, mapping.asked)
mapping = Mapping()
print(dict(**mapping), mapping.asked)

try:
    try:
        raise KeyError(1)
    except KeyError:
        b"x" * (2**62)
except MemoryError as error:
    print(type(error).__name__, error.__context__)

# Repetition of nothing is quick, whatever the count; what is too long is refused.
print(() * 2**62, "" * 2**62, b"" * 2**62, [] * 2**62, bytearray() * 2**62)
for value in ("ab", "é日", b"ab", bytearray(b"ab"), [1, 2], (1, 2)):
    for count in (2**62, 2**63 - 1, 2**63):
        try:
            value * count
        except (MemoryError, OverflowError) as error:
            print(type(value).__name__, type(error).__name__, error)
for text in ("a", b"a", bytearray(b"a")):
    for arguments in ((None, None), (text, None), (1, text)):
        try:
            text.replace(*arguments)
        except TypeError as error:
            print(error)
