# Set operations while __eq__ and __hash__ change the sets, and iteration over changing sets.
class Key:
    def __init__(self, value, action=lambda: None):
        self.value, self.action = value, action

    def __hash__(self):
        return hash(self.value)

    def __eq__(self, other):
        self.action()
        return self.value == getattr(other, "value", other)


def attempt(label, f):
    try:
        result = f()
        print(label, sorted(map(str, result)) if isinstance(result, (set, frozenset)) else result)
    except Exception as e:
        print(label, type(e).__name__, e)


s = {1, 2, 3}
attempt("in", lambda: Key(1, s.clear) in s)
print(s)
s = {1, 2, 3}
attempt("add", lambda: s.add(Key(1, lambda: s.update(range(50)))))
print(len(s))
s = {1, 2, 3}
attempt("discard", lambda: s.discard(Key(2, s.clear)))
print(s)
s, t = {1, 2, 3}, {Key(1), Key(9)}
attempt("intersection", lambda: len(s & {Key(1, lambda: t.clear()), 3}))
for operation in ("add", "discard", "clear"):
    s = {1, 2, 3}
    try:
        for x in s:
            getattr(s, operation)(*([x + 10] if operation != "clear" else []))
        print(operation, "finished", len(s))
    except RuntimeError as e:
        print(operation, e)


def source():
    yield 1
    s.clear()
    yield 2


s = {7, 8}
s.update(source())
print(sorted(s))
s = {1, 2}
s.difference_update(s)
print(s)
s = {1, 2}
s.symmetric_difference_update(s)
s |= s
print(s)


class D:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("del", self.n, len(s))
        s.add("from del")


s = {D(1)}
s.clear()
print(s)
s = {D(2)}
s.pop()
print(s)
s = {D(3)}
s -= set(s)
print(s)
s = {1}
attempt("frozen", lambda: frozenset([Key(1), Key(1)]) == {1})
attempt("union", lambda: {1, 2} | {Key(2), 3} == {1, 2, 3})
s = set()
