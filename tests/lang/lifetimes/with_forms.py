# When context managers, what they give and what is made inside them die, for every way out of a with block.
class D:
    def __init__(self, name): self.name = name
    def __del__(self): print("  -", self.name)
    def __enter__(self): print("  enter", self.name); return D(self.name + ".given")
    def __exit__(self, kind, error, trace):
        print("  exit", self.name, kind and kind.__name__)
        return self.name.startswith("quiet")
def normal():
    with D("a") as given: print("  body", given.name)
    print("  after")
def unbound():
    with D("a"): print("  body")
    print("  after")
def two():
    with D("a") as x, D("b") as y: print("  body", x.name, y.name)
    print("  after")
def parenthesized():
    with (D("a") as x, D("b"),): print("  body", x.name)
    print("  after")
def returning():
    with D("a"): return D("result")
def breaking():
    for _ in range(3):
        with D("a"): break
    print("  after")
def continuing():
    for i in range(2):
        with D("a%d" % i):
            if i == 0: continue
            print("  second")
def raising():
    with D("a"): raise ValueError(D("in error"))
def silenced():
    with D("quiet a"):
        x = D("local")
        raise ValueError(D("in error"))
    print("  after", x.name)
def second_fails():
    with D("a"), 1 / 0: pass
def target_fails():
    with D("a") as (x, y): print("never")
def target_item():
    box = {}
    with D("a") as box["k"]: print("  body", box["k"].name)
    box.clear(); print("  after")
def rebinding():
    m = D("a")
    with m as m: print("  body", m.name)
    print("  after", m.name)
def in_finally():
    try:
        with D("a"): return D("first")
    finally: print("  finally")
def generator():
    with D("a"): yield 1
def generator_closed():
    g = generator(); next(g); g.close(); print("  closed")
def generator_dropped():
    g = generator(); next(g); del g; print("  dropped")
def generator_thrown():
    g = generator(); next(g)
    try: g.throw(KeyError(D("thrown")))
    except KeyError: print("  caught")
    print("  after")
def nested_quiet():
    with D("outer"):
        with D("quiet inner"): raise ValueError
        print("  between")
for f in (normal, unbound, two, parenthesized, returning, breaking, continuing, raising, silenced, second_fails, target_fails, target_item, rebinding, in_finally, generator_closed, generator_dropped, generator_thrown, nested_quiet):
    print(f.__name__)
    try: f()
    except Exception as error: print("  !", type(error).__name__, str(error)[:40] if not isinstance(error, ValueError) else "")
    print("  end")
