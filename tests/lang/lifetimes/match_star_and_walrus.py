# Patterns, starred targets, walrus, chained comparison and conditional expressions: when the parts die.
class D:
    def __init__(self, name, *parts): self.name, self.parts = name, parts
    def __del__(self): print("  -", self.name)
    def __iter__(self): return iter(self.parts)
    def __lt__(self, other): print("  lt", self.name, other.name); return self.name < other.name
    def __bool__(self): return self.name != "false"
    __match_args__ = ("name", "parts")
def case(f):
    print(f.__name__)
    try: f()
    except Exception as e: print("  !", type(e).__name__, e); del e
    print("  end")
@case
def subject_dies():
    match D("subject"):
        case D("other"): print("never")
        case D(name): print("  name", name)
    print("  after")
@case
def capture_keeps():
    match [D("a"), D("b"), D("c")]:
        case [first, *rest]: print("  matched"); del first; print("  first gone"); rest.pop(); print("  popped")
    del rest; print("  after")
@case
def failed_captures():
    match (D("x"), D("y")):
        case (a, b) if not a: print("never")
        case (c, 1): print("never")
        case _: print("  default", a.name)
    del a, b; print("  captures gone")
@case
def mapping():
    match {"k": D("value"), "m": D("more")}:
        case {"k": v, **rest}: print("  rest", list(rest)); rest = None; print("  rest gone")
    v = None
@case
def alternatives():
    match [D("p"), 2]:
        case [D() as q, 1] | [q, 2]: print("  q", q.name)
    q = 0
@case
def star_targets():
    a, *b, c = D("1"), D("2"), D("3"), D("4")
    b[:] = []; print("  middle gone")
    *a, c = [D("5")]; print("  rebound", a)
    (a, c), *b = ("xy", D("6")); print("  again")
@case
def too_many():
    a, b = D("1"), D("2"), D("3")
@case
def too_few():
    a, b, *c = [D("only")]
@case
def swap():
    a, b = D("a"), D("b")
    a, b = b, a
    print("  swapped", a.name); a = None; print("  a gone")
@case
def same_target():
    x, x = D("first"), D("second")
    print("  kept", x.name)
@case
def walrus():
    if (n := D("walrus")): print("  true")
    print("  again", (n := D("second")).name)
    [(m := D("in comp")) for _ in range(2)]
    print("  m", m.name)
@case
def chained():
    print("  ", D("a") < D("b") < D("c"))
    print("  ", D("b") < D("a") < D("never"))
@case
def conditional():
    print("  ", (D("yes") if D("cond") else D("no")).name)
    print("  ", (D("false") and D("never")).name)
    print("  ", (D("false") or D("second")).name)
    while D("false"): pass
    print("  while done")
    assert D("assert"), D("never")
    print("  asserted")
@case
def star_calls():
    def f(*a, **k): print("  called", len(a), sorted(k))
    f(*D("iter", D("p1"), D("p2")), D("last"), **{"k": D("kw")})
    print("  after")
    print("  ", *[D("printed").name], sep=D("sep").name)
@case
def displays():
    [*D("list", 1), D("item")]; print("  list done")
    {**{"a": D("a")}, "a": D("b")}; print("  dict done")
    {D("set")}; print("  set done")
    (D("tuple"),); print("  tuple done")
    D("slice", 1).parts[D("index").name == "index" - 0 if False else 0]; print("  subscript done")
