# The order in which the operands of assignments, augmented assignments and deletions are evaluated and die.
class D:
    def __init__(self, name): print("  +", name); self.name = name
    def __del__(self): print("  -", self.name)
    def __getattr__(self, name):
        if name.startswith("__"): raise AttributeError(name)
        return D(f"{self.name}.{name}")
    def __setattr__(self, name, value):
        if name != "name": print("  set", self.name, name)
        else: self.__dict__[name] = value
    def __delattr__(self, name): print("  delattr", self.name, name)
    def __getitem__(self, key): print("  get", self.name, k(key)); return D(f"{self.name}[]")
    def __setitem__(self, key, value): print("  setitem", self.name, k(key), value.name)
    def __delitem__(self, key): print("  delitem", self.name, k(key))
    def __iadd__(self, other): print("  iadd", self.name, other.name); return D(f"({self.name}+={other.name})")
    def __add__(self, other): print("  add", self.name, other.name); return D(f"({self.name}+{other.name})")
    def __imatmul__(self, other): return NotImplemented
    def __matmul__(self, other): return D("matmul")
    def __isub__(self, other): return self
def k(key): return getattr(key, "name", None) or (type(key).__name__, [getattr(p, "name", p) for p in (key if isinstance(key, tuple) else (key.start, key.stop, key.step))])
def case(f):
    print(f.__name__); f(); print("  end")
@case
def attribute(): D("a").x = D("v"); print("  stored")
@case
def item(): D("a")[D("i")] = D("v"); print("  stored")
@case
def tuple_item(): D("a")[D("i"), D("j")] = D("v")
@case
def slice_item(): D("a")[D("i"):D("j"):D("s")] = D("v")
@case
def chain(): D("a").x = D("b")[D("i")] = c = D("v"); print("  chained")
@case
def augmented_name():
    a = D("a"); a += D("b"); print("  now", a.name)
@case
def augmented_attribute(): D("a").x += D("b")
@case
def augmented_item(): D("a")[D("i")] += D("b")
@case
def augmented_slice(): D("a")[D("i"):D("j")] += D("b")
@case
def augmented_fallback():
    a = D("a"); a @= D("b"); print("  now", a.name)
@case
def augmented_same():
    a = D("a"); a -= D("b"); print("  now", a.name)
@case
def delete():
    del D("a").x, D("b")[D("i")], D("c")[D("i"):]
@case
def annotated():
    x: D("never evaluated") = D("value")
    D("obj").x: int = D("v2")
    D("obj2")[D("i")]: int
    print("  annotated")
@case
def unpack(): D("a").x, (D("b")[D("i")], *D("c").y) = D("p"), (D("q"), D("r"), D("s"))
@case
def loop_target():
    for D("t").x in [D("e1"), D("e2")]: print("  body")
@case
def with_target():
    import contextlib
    with contextlib.nullcontext(D("given")) as D("t").x: print("  body")
@case
def calls(): D("f").m.n; print("  ", D("a")[D("i")].z.name)
@case
def failing():
    try: D("a")[D("i")] = D("v").__nope__
    except AttributeError as e: print("  ", e)
