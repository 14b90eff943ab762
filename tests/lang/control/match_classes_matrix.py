# Class patterns: __match_args__, builtin types, keywords, order of lookups, properties, errors, and what is bound on failure.
class Log:
    def __init__(self, **values): self.__dict__.update(values)
    def __getattribute__(self, name):
        if not name.startswith("__"): print("get", name, end=" ")
        return super().__getattribute__(name)
class P:
    __match_args__ = ("x", "y")
    def __init__(self, x, y): self.x, self.y = x, y
class Q(P): __match_args__ = ("y",)
class NoArgs: pass
class ListArgs: __match_args__ = ["x"]
class BadName: __match_args__ = (1,)
class Dup: __match_args__ = ("x", "x"); x = 1
class Raises:
    __match_args__ = ("p",)
    @property
    def p(self): raise KeyError("in property")
class Meta(type):
    def __instancecheck__(cls, x): print("isinstance", type(x).__name__, end=" "); return x == "yes"
class Checked(metaclass=Meta): pass
class SubInt(int): pass
class SubStr(str): pass
patterns = """P(1, 2)
P(x=1)
P(x, y)
P(1, y=b)
P(a, b, c)
P(a, x=b)
P(y=a, x=b)
P()
Q(a)
Q(a, b)
Q(a, x=b)
NoArgs()
NoArgs(a)
NoArgs(zzz=a)
ListArgs(a)
BadName(a)
Dup(a, b)
Dup(a)
Raises(a)
Raises()
Log(x=1, y=b)
Log(q=a)
Checked()
int()
int(a)
int(a, b)
int(real=a, imag=b)
bool(a)
str(a)
str(a) | int(a) | float(a)
float(a)
bytes(a)
list([a, *b])
tuple((a, b))
dict({'k': a})
set(a)
frozenset(a)
object()
object(a)
type()
len()
missing()
P.__mro__()
SubInt(a)
SubStr(a)
[P(a), *_]
{'k': P(x=a)}
P(P(a), [b, c])
(int() as a) | (str() as a)
int(a) as b
int() if a
P(x=int(a) | str(a))
None
True
1
1.0
-1
1+2j
'a' 'b'
b'a'
[]
{}
[[a], *b]
[1, (2 | 3 as a), _]
{'k': 1, **b}
{1: _, 'k': a}
{None: a}
{-1: a, 2.5: b}
_
a""".splitlines()
subjects = ["P(1, 2)", "P('s', [5, 6])", "P(P(7, 8), [9, 10])", "Q(3, 4)", "NoArgs()", "ListArgs()", "BadName()", "Dup()", "Raises()", "Log(x=1, y=2)", "'yes'", "1", "True", "1.0", "-1", "'ab'", "b'a'", "[1, 2]", "[1, 3, 0]", "(1, 2)", "[]", "[P(1, 2), 3]", "[[4], 5]", "{'k': 5}", "{'k': 1, 'm': 2}", "{'k': P(3, 4)}", "{1: 2, 'k': 3}", "{None: 0}", "{-1: 1, 2.5: 2}", "{6}", "frozenset()", "SubInt(5)", "SubStr('s')", "1+2j", "None", "int", "range(3)", "bytearray(b'a')", "iter([])"]
for pattern in patterns:
    if pattern == "int() if a": pattern = "int() as a if a"
    space = dict(globals()); row = []
    binds = [n for n in "abc" if n in __import__("re").findall(r"\b[abc]\b", pattern.replace("'a'", "").replace("'b'", ""))]
    code = compile(f"match subject:\n case {pattern}: result = 'yes', {', '.join(['0'] + binds)}\n" + ("" if pattern in ("_", "a") else " case _: result = None\n"), "<m>", "exec")
    for subject in subjects:
        space["subject"] = value = eval(subject)
        for n in "abc": space.pop(n, None)
        try: exec(code, space); result = space["result"]
        except Exception as e: result = (f"{type(e).__name__}: {e}",)
        if result: row.append(subject + (" " + str([v if isinstance(v, (int, str, list, dict, float, bytes, set, tuple, complex)) and "object" not in repr(v) else type(v).__name__ for v in result[2:]]) if result[0] == "yes" and len(result) > 2 else "" if result[0] == "yes" else " !! " + result[0]))
        elif any(n in space for n in "abc"): row.append(f"{subject} failed with {[n for n in 'abc' if n in space]}")
    print(); print(pattern, "<-", row)
