# A program that keeps everything gets a MemoryError it can catch, as often as it tries, and goes on with the rest of its work.
import io
import sys

numbers = iter(range(10**9))


class Node:
    def __init__(self, content):
        self.content = content


def closure(content):
    return lambda: content


def generator(content):
    yield content


def started():
    made = generator(bytes(4000))
    next(made)
    return made


def file():
    made = io.BytesIO()
    made.write(b"x" * 10_000)
    return made


MAKERS = {
    "list": lambda: [None] * 1000,
    "dict": lambda: dict.fromkeys(range(500)),
    "set": lambda: set(range(500)),
    "str": lambda: "x" * 10_000 + str(next(numbers)),
    "int": lambda: 1 << 100_000 + next(numbers),
    "instance": lambda: Node([0] * 1000),
    "closure": lambda: closure(bytes(4000)),
    "generator": started,
    "bytearray": lambda: bytearray(10_000),
    "tuple": lambda: (0,) * (1000 + next(numbers) % 10),
    "file": file,
}
TIMES = {"list": 1000}

for name, make in MAKERS.items():
    kept = []
    in_a_row = most = 0
    wanted = TIMES.get(name, 150)
    # Small things still fit in between, where large ones do not any more.
    while most < wanted and len(kept) < 1_000_000:
        try:
            kept.append(make())
            in_a_row = 0
        except MemoryError:
            in_a_row += 1
            most = max(most, in_a_row)
    count = len(kept)
    kept.clear()
    again = [make() for _ in range(count // 2)]
    assert len(again) == count // 2
    del again
    print(name, most)
