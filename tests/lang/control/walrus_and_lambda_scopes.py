# The walrus and lambdas in every place they may stand; late binding; defaults; what is refused.
print((a := 1), a, [b := 2, b], (c := 3,), {"k": (d := 4)}, f"{(e := 5)}", e, f"{(f := 6):{(w := 3)}}|", w)
print([y for x in range(4) if (y := x * 2) > 2], y, [(z := x) for x in "ab"], z, any((last := n) > 2 for n in range(5)), last)
print((lambda: (q := 7))(), (lambda x=(p := 8): x)(), p, [i := 9 for _ in [0]], i)
if (n := len("abc")) > 2 and (m := n + 1): print(n, m)
while (n := n - 1): print("while", n, end=" ")
print([*(s := "xy")], {**(t := {"a": 1})}, s, t, (u := [1, 2])[(v := 1)], u, v)
def f(x, *, y): return x, y
print(f((g := 1), y=(h := 2)), g, h, f(x := 3, y=4), x)
def scopes():
    total = 0
    values = [total := total + v for v in range(5)]
    def inner(): nonlocal total; return [(total := total * 2) for _ in range(2)]
    return values, inner(), total
print(scopes())
def as_global():
    global made
    [made := i for i in range(3)]
as_global(); print(made)
class A:
    x = (inside := 5)
    y = inside
print(A.inside, A.y)
print([fn() for fn in [lambda: i for i in range(3)]], [fn() for fn in [lambda i=i: i for i in range(3)]])
fs = []
for i in range(3): fs.append(lambda: i)
i = 10; print([fn() for fn in fs])
def make():
    fs = [lambda: k for k in range(3)]
    k = "function"
    return [fn() for fn in fs], k
print(make())
compose = lambda *fs: (lambda x: x) if not fs else lambda x: fs[0](compose(*fs[1:])(x))
print(compose(lambda x: x + 1, lambda x: x * 2)(5), (lambda f: f(f, 5))(lambda f, n: 1 if n < 2 else n * f(f, n - 1)))
print((lambda *a, **k: (a, k))(1, *[2], b=3, **{"c": 4}), (lambda a, /, b=2, *, c: (a, b, c))(1, c=3), (lambda: (yield))().__class__.__name__)
print(sorted([3, 1, 2], key=lambda v: -v), (lambda x: lambda y: lambda z: (x, y, z))(1)(2)(3), (lambda: [lambda: 1])()[0]())
match (lambda: 5)():
    case (lambda_result) if (double := lambda_result * 2) > 5: print(double)
for text in ("[i := 1 for i in x]", "[(i := 1) for i in x]", "[[(i := 0) for j in x] for i in y]", "[x for x in (y := [1])]", "[x for x in [1] for y in (z := [2])]", "class A: [(x := 1) for _ in y]", "class A: [[(x := 1) for _ in y] for _ in z]", "(x := 1, 2)", "x := 1", "f(a := 1, b = 2)", "f(a = b := 1)", "f(a = (b := 1))", "x = y := 1", "x[a := 1]", "x[a := 1 : 2]", "x[(a := 1) : 2]", "{a := 1}", "{a := 1: 2}", "{(a := 1): 2}", "{1: a := 2}", "lambda: x := 1", "lambda: (x := 1)", "lambda x := 1: x", "(x.y := 1)", "(x[0] := 1)", "(*x := 1)", "((x, y) := 1)", "(x := y := 1)", "(x := (y := 1))", "del (x := 1)", "with (x := y): pass", "with x := y: pass", "@(x := f)\ndef g(): pass", "assert (x := 1)", "assert x := 1", "return (x := 1)", "f'{x:=1}'", "f'{x := 1}'", "f'{(x := 1)}'", "(__debug__ := 1)", "(None := 1)", "(True := 1)", "if x := 1: pass", "while x := 1: pass", "for x in y := z: pass", "print(x := 1 if y else 2)", "x = (y := 1) + (z := 2)", "def f(a = (b := 1)): pass", "def f(a = b := 1): pass", "def f(a: (b := 1)): pass", "import x := y", "case = (x := 1)", "[x for x in y if z := 1]", "[x for x in y if (z := 1)]", "(yield := 1)", "(x := yield)", "(x := *y)", "(x := *y, z)"):
    try: compile(text, "<c>", "exec"); print(repr(text), "fine")
    except SyntaxError as e: print(repr(text), e.msg, e.offset, e.end_offset)
