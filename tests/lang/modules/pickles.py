# Pickles of everything, by every protocol; objects that hold themselves, and what cannot be pickled.
import collections
import io
import pickle


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __eq__(self, other):
        return (self.x, self.y) == (other.x, other.y)


class Slotted:
    __slots__ = ("a", "b")


values = [None, True, 0, 255, -1, 2**31, -(2**200), 1.5, b"", b"abc" * 100, "", "a\u1234\U00012345" * 30, (), (1,), (1, 2, 3, 4),
          [1, [2]], {"k": {1, 2}}, frozenset({3}), bytearray(b"xy"), Point(1, [2]), collections.OrderedDict(a=1), range(3), int, len]
for protocol in range(6):
    kept = [pickle.loads(pickle.dumps(value, protocol)) == value for value in values]
    slotted = Slotted()
    slotted.b = protocol
    copy = pickle.loads(pickle.dumps(slotted, protocol)) if protocol > 1 else slotted
    loop = []
    loop.append((loop, {"loop": loop}))
    again = pickle.loads(pickle.dumps(loop, protocol))
    print(protocol, all(kept), copy.b, again[0][0] is again, again[0][1]["loop"] is again)
for thing in (lambda: 0, open, iter([]), (x for x in [])):
    try:
        print(len(pickle.dumps(thing)) > 0)
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        print(type(error).__name__, str(error).partition(" at 0x")[0], getattr(error, "__notes__", None))
try:
    pickle.dumps([1, {"key": [lambda: 0]}])
except (pickle.PicklingError, AttributeError) as error:
    print(error.__notes__)
for data in (b"", b"\x80\x06.", b"(", b"0.", b"\x85.", b"g1\n.", b"\xff", b"X\xff\xff\xff\x00ab", b"K\x01K\x02R.", b"cos\nnothing\n."):
    try:
        print(pickle.loads(data))
    except Exception as error:
        print(data[:4], type(error).__name__, error)


class Persistent(pickle.Pickler):
    def persistent_id(self, obj):
        return ("point", obj.x) if isinstance(obj, Point) else None

    def reducer_override(self, obj):
        return (list, ("ab",)) if obj is range else NotImplemented


class Finder(pickle.Unpickler):
    def persistent_load(self, pid):
        return pid

    def find_class(self, module, name):
        print("find", module, name)
        return super().find_class(module, name)


file = io.BytesIO()
Persistent(file, 4).dump([Point(7, 8), range, collections.deque([1])])
file.seek(0)
print(Finder(file).load())
buffers = []
data = pickle.dumps(pickle.PickleBuffer(bytearray(b"large")), 5, buffer_callback=buffers.append)
print(data, bytes(buffers[0]), bytes(pickle.loads(data, buffers=buffers)))
