# Dict operations while __hash__, __eq__ and __del__ change the dict.
class Key:
    def __init__(self, value, on_eq=None, on_hash=None):
        self.value, self.on_eq, self.on_hash = value, on_eq, on_hash

    def __hash__(self):
        if self.on_hash:
            self.on_hash()
        return hash(self.value)

    def __eq__(self, other):
        if self.on_eq:
            self.on_eq()
        return self.value == getattr(other, "value", other)

    def __repr__(self):
        return f"K{self.value}"


class D:
    def __init__(self, name, action=lambda: None):
        self.name, self.action = name, action

    def __del__(self):
        print("del", self.name)
        self.action()


def attempt(label, f):
    try:
        print(label, f())
    except Exception as e:
        print(label, type(e).__name__, e)


d = {1: "a", 2: "b"}
attempt("get, eq clears", lambda: d.get(Key(1, on_eq=d.clear)))
print(d)
d = {1: "a"}
attempt("set, hash clears", lambda: d.__setitem__(Key(5, on_hash=d.clear), "new"))
print(d)
d = {1: "a"}
attempt("set, eq clears", lambda: d.__setitem__(Key(1, on_eq=d.clear), "new"))
print(d)
d = {1: "a"}
attempt("pop, eq adds", lambda: d.pop(Key(1, on_eq=lambda: d.update(x=1))))
print(d)
d = {i: i for i in range(8)}
attempt("contains, eq grows", lambda: Key(3, on_eq=lambda: d.update({i: i for i in range(100, 200)})) in d)
print(len(d))
d = {1: D("cleared", lambda: d.update(late=1))}
d.clear()
print(d)
d = {1: D("replaced", lambda: d.clear())}
d[1] = "new"
print(d)
d = {1: D("deleted", lambda: d.update({1: "back"}))}
del d[1]
print(d)
d = {1: D("popped", lambda: d.update({2: "x"}))}
d.pop(1)
print(d)
d = {Key(1): D("update", lambda: d.clear())}
d.update({1: "new"})
print(d)


class Fails:
    def __hash__(self):
        return 1

    def __eq__(self, other):
        raise ValueError("eq fails")


d = {1: "one"}
attempt("get", lambda: d.get(Fails()))
attempt("set", lambda: d.__setitem__(Fails(), 1))
attempt("in", lambda: Fails() in d)
attempt("set of", lambda: {1, Fails()})
attempt("compare", lambda: {1: Fails()} == {1: 5})
print(d)


class BadHash:
    def __hash__(self):
        raise TypeError("no hash today")


attempt("hash", lambda: {BadHash(): 1})
attempt("hash in set", lambda: {BadHash()})
attempt("hash in", lambda: BadHash() in {})
d = {1: 1, 2: 2}
attempt("eq changes the other", lambda: {1: Key(1, on_eq=d.clear), 2: 2} == d)


class Mapping:
    def keys(self):
        d["from keys"] = 1
        return ["p", "q"]

    def __getitem__(self, k):
        d.pop("from keys", None)
        return k


d = {}
d.update(Mapping())
print(d)
attempt("setdefault", lambda: d.setdefault(Key("z", on_hash=lambda: d.clear()), []))
print(d)


class Grows:
    def __repr__(self):
        d["new"] = 1
        return "grew"


d = {"k": Grows()}
attempt("repr", lambda: repr(d))
