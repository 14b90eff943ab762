# __str__, __repr__, __format__, __len__ and friends with side effects or wrong results.
def attempt(label, f):
    try:
        print(label, repr(f()))
    except Exception as e:
        print(label, type(e).__name__, e)


class S:
    def __init__(self, action):
        self.action = action

    def __str__(self):
        return self.action()

    __repr__ = __str__

    def __format__(self, spec):
        return self.action()


class Sub(str):
    pass


items = []
for label, action in (("list grows", lambda: items.append(1) or "grown"), ("returns int", lambda: 5), ("returns None", lambda: None), ("returns subclass", lambda: Sub("sub")), ("raises", lambda: 1 / 0), ("recurses", lambda: str(S(lambda: "inner")))):
    x = S(action)
    items = [x, "tail"]
    attempt("str " + label, lambda: str(x))
    attempt("repr " + label, lambda: repr(x))
    attempt("format " + label, lambda: format(x))
    attempt("fstring " + label, lambda: f"{x}|{x!r}")
    attempt("percent " + label, lambda: "%s %r" % (x, x))
    attempt("list " + label, lambda: str([x]))
    attempt("dict " + label, lambda: str({1: x}))
    attempt("tuple " + label, lambda: str((x,)))
    attempt("join " + label, lambda: ",".join([str(x)]))
print(type(str(S(lambda: Sub("s")))).__name__, type(f"{S(lambda: Sub('s'))}").__name__, type(repr(S(lambda: Sub("s")))).__name__)


class L:
    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n


for n in (0, 5, -1, 2**70, 1.5, None, "x", True):
    attempt(f"len {n}", lambda: len(L(n)))
    attempt(f"bool {n}", lambda: bool(L(n)))


class I:
    def __init__(self, v):
        self.v = v

    def __int__(self): return self.v
    def __float__(self): return self.v
    def __index__(self): return self.v
    def __bool__(self): return self.v
    def __hash__(self): return self.v
    def __bytes__(self): return self.v
    def __complex__(self): return self.v
    def __iter__(self): return self.v
    def __contains__(self, x): return self.v
    def __dir__(self): return self.v
    def __length_hint__(self): return self.v


for v in (1, 1.5, "s", None, [2, 1]):
    for f in (int, float, hex, bool, hash, bytes, complex, iter, lambda o: 1 in o, dir, range, lambda o: [0, 1, 2][o], lambda o: "a" * o, lambda o: chr(o)):
        attempt(f"{f.__name__} {v}", lambda: f(I(v)) if f is not iter else type(iter(I(v))).__name__)
