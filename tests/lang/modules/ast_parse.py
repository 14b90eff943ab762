# ast.parse: trees of every kind of statement, expression and pattern, with positions; modes; errors.
import ast

SOURCE = r'''
x = f(a for a in b)
y = g(1, *a, k=2, **z)
@dec
# comment

@dec2(1)
async def fn(a, /, b: int = 2, *args: t, c, d=3, **kw) -> int:
    "doc"
    async for x in y: pass
    else: break
    async with a as b, c: await d
    return [i async for i in x if a if b]
@d
class C[T: int, *Ts = *x, **P](Base, metaclass=M): x: int = 3; (y): str
if a: pass
elif b:
    pass
elif c: x
else:
    y
f"a{b!r:>{w}}c{d=}{e = :x}" "lit" f'{x}'
z = u"abc" "d"
t"x{y}z{ a+b !s:q}"
f""
"a" f"b" "c"
match x:
    case 1 | -2.5 | "a": pass
    case {"k": v, **rest}: pass
    case [a, *b] if c: pass
    case Cls(1, x=2): pass
    case None | True: pass
    case a.b as q: pass
    case _: pass
lambda: 0
lambda *a, b=1: a
(yield)
del a, b[1:2, ...], c.d
type X[T] = list[T]
try: pass
except* E as e: pass
else: a
finally: b
import a.b as c, d
from .. import x as y
from . import *
global q
nonlocal_ = 1_000_000_000_000_000_000_000; 0xFFFF_FFFF_FFFF_FFFF_FF; 1.5e3; 2j; b"a" b"\xff"
a < b <= c is not d not in e
not a and b or c
(a := 3)
{1: 2, **x}; {1, 2}; {a: b for a in c}; {a for a in b}
"\ud800é" ; "é" + ü
assert a, b
raise A from B
x = y = 3
x @= 2
with (a as b, c): pass
(a, b), = c
print(*a, **b)
f"""
{
a
}"""
f"{a:{b}{c}}" f"{{}}"
'''
for statement in ast.parse(SOURCE).body:
    print(ast.dump(statement, include_attributes=True))
print(ast.dump(ast.parse("a + 1", mode="eval")), ast.dump(ast.parse("a; b", mode="single")), ast.dump(ast.parse(b"# coding: latin-1\n'\xe9'")))
tree = compile("x = 1\ny = x", "<tree>", "exec", ast.PyCF_ONLY_AST)
print(type(tree), tree.body[0].targets[0].ctx is tree.body[1].targets[0].ctx, [type(node).__name__ for node in ast.walk(tree)])
for source in ("a b", "f(", "return = 1", "if x:\npass", "'a", "1 = x"):
    try:
        ast.parse(source)
    except SyntaxError as e:
        print(type(e).__name__, e)
print(ast.literal_eval("{'a': [1, 2.5, None, (True, b'x')], -3: {1}}"), ast.unparse(ast.parse("def f(a, *b, c=1):\n    return [x for x in b if x] or f'{a!r:>3}'")))


class Names(ast.NodeVisitor):
    def visit_Name(self, node):
        print(node.id, node.lineno, node.col_offset, type(node.ctx).__name__)


Names().visit(ast.parse("a = b\nfor c in d: del e"))
print(ast.get_source_segment("x = (1 + é) * 2", ast.parse("x = (1 + é) * 2").body[0].value.left))
