# Every kind of comprehension and loop: when items, iterators and sources die.
class D:
    def __init__(self, name): self.name = name
    def __del__(self): print("  -", self.name)
    def __hash__(self): return hash(self.name)
    def __eq__(self, other): return self.name == other.name
class Seq:
    def __init__(self, name, n): self.name, self.n = name, n
    def __del__(self): print("  - seq", self.name)
    def __getitem__(self, i):
        if i >= self.n: raise IndexError
        return D(f"{self.name}{i}")
class Iter(Seq):
    def __iter__(self): return It(self.name, self.n)
class It(Seq):
    def __iter__(self): return self
    def __next__(self):
        if self.n == 0: raise StopIteration
        self.n -= 1
        return D(f"{self.name}{self.n}")
    def __del__(self): print("  - it", self.name)
def case(f):
    print(f.__name__)
    try: f()
    except Exception as e: print("  !", type(e).__name__, e); del e
    print("  end")
@case
def list_comp(): x = [d.name for d in Iter("a", 2)]; print("  ", x)
@case
def list_comp_kept(): x = [d for d in Seq("a", 2)]; print("  made", len(x)); x.pop(0); print("  popped")
@case
def condition(): x = [d for d in Iter("a", 3) if d.name != "a1"]; print("  kept", len(x))
@case
def set_and_dict(): s = {D("same") for _ in range(2)}; d = {D("k"): D("v") for _ in range(2)}; print("  made"); s.clear(); d.clear(); print("  cleared")
@case
def nested(): print("  ", [(a.name, b.name) for a in Iter("a", 2) for b in Seq("b", 1)])
@case
def nested_list(): print("  ", [[b.name for b in Iter(a.name, 1)] for a in Iter("a", 2)])
@case
def failing(): [1 // (len(d.name) - 2) for d in Iter("a", 2)]
@case
def target_attribute():
    class T: pass
    t = T()
    [0 for t.x in Iter("a", 2)]
    print("  after", t.x.name)
@case
def unpack_target(): print("  ", [n for n, d in [("x", D("1")), ("y", D("2"))]])
@case
def generator_expression():
    g = (d.name for d in Iter("a", 3)); print("  made"); print("  ", next(g)); del g; print("  dropped")
@case
def generator_consumed(): print("  ", sum(len(d.name) for d in Iter("a", 2)), any(d.name == "b1" for d in Iter("b", 3)))
@case
def closure(): fs = [lambda: d.name for d in Iter("a", 2)]; print("  ", [f() for f in fs]); del fs; print("  dropped")
@case
def for_loop():
    for d in Iter("a", 2): print("  body", d.name)
    else: print("  else")
    print("  after", d.name)
@case
def for_break():
    for d in Iter("a", 3): break
    print("  after")
@case
def for_return():
    def f():
        for d in Iter("a", 3): return d.name
    print("  ", f())
@case
def for_raise():
    for d in Iter("a", 2): raise ValueError(d.name)
@case
def for_list_literal():
    for d in [D("x"), D("y")]: print("  body", d.name)
    d = None; print("  after")
@case
def for_tuple_literal():
    for d in (D("x"), D("y")): print("  body", d.name)
@case
def for_changes_list():
    items = [D("x"), D("y"), D("z")]
    for d in items: print("  body", d.name); items.remove(d)
    print("  left", len(items))
@case
def for_rebinds_source():
    items = [D("x"), D("y")]
    for d in items: items = None; print("  body", d.name)
@case
def for_enumerate():
    for i, d in enumerate(Iter("a", 2)): print("  body", i, d.name)
@case
def for_zip():
    for a, b in zip(Iter("a", 1), Iter("b", 2)): print("  body", a.name, b.name)
    print("  after")
@case
def for_dict():
    x = {D("k"): D("v")}
    for k, v in x.items(): print("  body"); 
    x.clear(); print("  cleared"); k = None; print("  k gone")
@case
def for_reversed():
    for d in reversed([D("x"), D("y")]): print("  body", d.name)
@case
def for_map_filter():
    for n in map(lambda d: d.name, filter(lambda d: d.name != "a0", Iter("a", 2))): print("  body", n)
@case
def while_loop():
    n = 2
    while D(f"w{n}").name != "w0": n -= 1; print("  body")
    else: print("  else")
@case
def iter_callable():
    for d in iter(lambda it=It("a", 2): next(it), D("sentinel")): print("  body", d.name)
@case
def sorted_and_min(): print("  ", [d.name for d in sorted(Iter("a", 2), key=lambda d: d.name)], min(Iter("b", 2), key=lambda d: d.name).name)
@case
def star(): print("  ", *[d.name for d in [*Iter("a", 1), *Seq("b", 1)]])
@case
def join(): print("  ", "".join(d.name for d in Iter("a", 2)))
