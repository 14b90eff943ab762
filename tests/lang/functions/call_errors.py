# The wording of every wrong call.
def f0(): pass
def f1(a): pass
def f2(a, b): pass
def f3(a, b, c): pass
def d2(a, b=1): pass
def d3(a, b=1, c=2): pass
def ko(*, a): pass
def ko2(*, a, b): pass
def ko3(*, a, b, c): pass
def po(a, /, b): pass
def po2(a, b, /): pass
def va(a, *args): pass
def kw(a, **k): pass


class C:
    def m(self): pass
    def n(self, x): pass
    def __init__(self, x=1): pass


nothing, five = None, 5
calls = [
    "f0(1)", "f0(1, 2)", "f0(x=1)", "f1()", "f1(1, 2)", "f1(b=1)", "f1(1, a=2)", "f1(1, b=2)", "f2()", "f2(1)", "f2(1, 2, 3)", "f2(b=1)", "f2(1, 2, c=3)", "f3()", "f3(1)",
    "d2()", "d2(1, 2, 3)", "d2(b=2)", "d3(1, 2, 3, 4)", "d3(1, d=4)", "ko()", "ko(1)", "ko(1, a=2)", "ko(a=1, z=2)", "ko2()", "ko3()", "ko3(b=1)", "po(a=1, b=2)", "po()", "po(1)", "po2(a=1, b=2)",
    "va()", "kw()", "kw(1, a=2)", "kw(1, 2)", "C().m(1)", "C().n()", "C().n(1, 2)", "C(1, 2)", "C(y=1)", "C.m()", "C.n(1)", "len()", "len(1, 2)", "len(1)", "abs('a')", "int(1, 2, 3)",
    "f1(*5)", "f1(**5)", "f1(*[1, 2])", "f1(**{'a': 1, 'b': 2})", "f1(**{1: 2})", "f1(1, **{'a': 2})", "kw(1, **{'x': 1}, **{'x': 2})", "(lambda x: x)()", "(lambda: 1)(2)", "nothing()", "five()", "[].append()", "{}.get()",
    "isinstance(1)", "print(1, foo=2)", "sorted()", "f1(1, 2, 3, b=4, c=5)", "f0(aa=1)", "d3(1, bb=3)", "object(1)", "C.n(self=1)", "iter()", "next(5)", "max()", "max(1)", "sum('a')", "zip(1)", "map()", "range(a=1)",
]
for call in calls:
    try:
        eval(call)
        print(call, "fine")
    except Exception as e:
        print(call, "->", type(e).__name__, e)
