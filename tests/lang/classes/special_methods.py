# Operators through special methods: forward, reflected, in place.
class V:
    def __init__(self, n): self.n = n
    def __repr__(self): return f"V({self.n})"


def binary(name, symbol):
    def forward(self, other):
        if isinstance(other, str):
            return NotImplemented
        return f"{self.n}{symbol}{getattr(other, 'n', other)}"

    def reflected(self, other):
        if isinstance(other, bytes):
            return NotImplemented
        return f"{other}{symbol}{self.n}(r)"

    def in_place(self, other):
        if other == 0:
            return NotImplemented
        self.n = f"{self.n}{symbol}={getattr(other, 'n', other)}"
        return self
    setattr(V, f"__{name}__", forward)
    setattr(V, f"__r{name}__", reflected)
    setattr(V, f"__i{name}__", in_place)


ops = {"add": "+", "sub": "-", "mul": "*", "truediv": "/", "floordiv": "//", "mod": "%", "pow": "**", "matmul": "@", "lshift": "<<", "rshift": ">>", "and": "&", "or": "|", "xor": "^"}
for name, symbol in ops.items():
    binary(name, symbol)
for symbol in ops.values():
    env = {"V": V}
    print(symbol, eval(f"V(1) {symbol} V(2)", env), eval(f"V(1) {symbol} 5", env), eval(f"[] {symbol} V(2)", env) if symbol != "%" else "", sep=" | ")
    exec(f"x = V(1)\nx {symbol}= 3\ny = V(1)\ny {symbol}= 0", env)
    print(env["x"], env["y"])
    for text in (f"V(1) {symbol} 'a'", f"None {symbol} V(1)", f"V(1) {symbol} b''"):
        try:
            print(eval(text, env))
        except TypeError as e:
            print(e)


class Base:
    def __add__(self, o): return "base add"
    def __radd__(self, o): return "base radd"


class Derived(Base):
    def __radd__(self, o): return "derived radd"


print(Base() + Derived(), Derived() + Base(), Base() + Base(), Derived() + Derived(), 1 + Derived())


class Unary:
    def __neg__(self): return "neg"
    def __pos__(self): return "pos"
    def __invert__(self): return "invert"
    def __abs__(self): return "abs"
    def __bool__(self): return False
    def __int__(self): return 7
    def __float__(self): return 7.5
    def __complex__(self): return 1j
    def __index__(self): return 3
    def __round__(self, n=None): return ("round", n)
    def __trunc__(self): return "trunc"
    def __len__(self): return 12
    def __divmod__(self, o): return ("divmod", o)
    def __rdivmod__(self, o): return ("rdivmod", o)
    def __pow__(self, o, m=None): return ("pow", o, m)
    def __format__(self, spec): return f"<{spec}>"
    def __contains__(self, x): return x == 4
    def __call__(self, *a, **k): return a, k


u = Unary()
print(-u, +u, ~u, abs(u), bool(u), not u, int(u), float(u), complex(u), list(range(9))[u], hex(u), round(u), round(u, 2), len(u), divmod(u, 1), divmod(1, u), pow(u, 2, 3), f"{u:abc}", format(u), 4 in u, 5 in u, u(1, k=2))
print("yes" if u else "no", (u and 1) is u, u or 2)
