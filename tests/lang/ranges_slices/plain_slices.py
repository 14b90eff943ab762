# Slices between ints or nothing, of lists, strs and tuples, beside the same with slice objects.
ends = [None, 0, 1, 2, 5, 6, 7, 100, -1, -2, -6, -7, -100, 2**62, -(2**62), 2**70, -(2**70), True]
for text in ("", "a", "abcdef", "äbcdef", "\u1234bcdef"):
    for kind in (str, list, tuple):
        whole = "".join(text) if kind is str else kind(text)
        for start in ends:
            for stop in ends:
                part = whole[start:stop]
                assert part == whole[slice(start, stop)] and type(part) is kind, (whole, start, stop)
                if kind is list:
                    one, other = whole[:], whole[:]
                    one[start:stop] = [1, 2, 3]
                    other[slice(start, stop)] = (1, 2, 3)
                    assert one == other, (whole, start, stop, one, other)
            for step in (1, -1, 2, -2, 3, -3, 7, -7, 2**70, -(2**70)):
                part = list(text)[start::step]
                limits = slice(start, None, step).indices(len(text))
                assert part == [text[i] for i in range(*limits)], (text, start, step)
line = list(range(9))
line[2:4] = line
print(line, line[:] is line, line[3:3], line[5:2])
line[:4] = line[3::-1]
line[100:] = [7]
line[-2:] = []
print(line)


class Loud(list):
    def __getitem__(self, key):
        return "got", key

    def __setitem__(self, key, value):
        print("set", key, value)


loud = Loud("abc")
loud[1:2] = [4]
print(loud[1:], (1, 2, 3)[:], "abc"[:], "abc"[1:2])
for bad in ("x", 1.5, []):
    try:
        [1, 2][bad:]
    except TypeError as error:
        print(error)
    try:
        "ab"[:bad]
    except TypeError as error:
        print(error)

steps = [1, -1, 2, -2, 5, -5, None, True, 2**62, -(2**62), 2**70]
for text in ("", "a", "abcdef", "äb\u1234def"):
    for whole in (text, list(text), tuple(text), text.encode(), bytearray(text.encode()), range(len(text)), memoryview(text.encode())):
        for start in ends[::3]:
            for stop in ends[1::3]:
                for step in steps:
                    part, same = whole[start:stop:step], whole[slice(start, stop, step)]
                    assert part == same and type(part) is type(same), (whole, start, stop, step)
for bad in (0, 0.5, "x", []):
    for whole in ([1, 2], "ab", (1, 2), b"ab", 5):
        try:
            whole[bad:2:bad]
        except (TypeError, ValueError) as error:
            print(type(error).__name__, error)


def say(value):
    print(value, end=" ")
    return value


print(loud[say(1):say(5):say(2)], loud[say(1)::say(None)])


class Keeper:
    def __class_getitem__(cls, key):
        return key

    def __getitem__(self, key):
        return key


print(Keeper[say(1):say(2):say(3)], Keeper()[say("a"):say("b"):say("c"), say(4)], Keeper()[::say(0)])
index = type("Index", (), {"__index__": lambda self: say(2)})()
print(line[index:line[-1]:index], "abcdef"[index::index])
