# Trees of nodes are compiled as their source is; wrong trees are refused with CPython's words.
import ast

SOURCE = '''
import sys as s
from os import path as p
x = 1; big = 10**30
def f(a, /, b, c=3, *args, d, e=5, **kw):
    "doc"
    return a, b, c, args, d, e, kw
print(f(1, 2, d=4, q=7), f.__doc__)
class A:
    x: int = 3
    @property
    def prop(self):
        return self.x
print(A().prop)
for i in range(4):
    if i == 1: continue
    elif i == 3: break
    else: print("i", i)
try:
    raise ExceptionGroup("g", [KeyError(1)])
except* KeyError as e:
    print(e.exceptions)
finally:
    print("finally")
print([i * 2 for i in range(4) if i], {k: v for k, v in [(1, 2)]}, list(i for i in range(3)))
print(f"{x!r:>{5}} {x:03d} {x=} text", t"a{x!r:>5}".interpolations)
match {"a": [1, 2, 3], "c": A()}:
    case {"a": [1, *rest], **kw}: print(rest, list(kw))
match A():
    case A(x=3 as n): print("A", n)
type T[K] = list[K]
def outer():
    v = 1
    def inner():
        nonlocal v
        v += 1
        return v
    return inner
print(outer()(), (n := 5), [*[1], 2], f(*[1, 2], **{"d": 3}), T.__value__)
'''
exec(compile(ast.parse(SOURCE), "tree", "exec"), {"__name__": "m"})
print(eval(compile(ast.Expression(ast.Constant((1, frozenset({2}), -3, "\ud800".encode("utf8", "surrogatepass")), lineno=1, col_offset=0)), "t", "eval")))


def refuse(node, mode="exec"):
    try:
        compile(ast.fix_missing_locations(node), "t", mode)
    except Exception as error:
        print(type(error).__name__, error)


name = ast.Name("x", ast.Load())
refuse(ast.Module([ast.Expr(ast.Name("None", ast.Load()))], []))
refuse(ast.Module([ast.Assign([name], name)], []))
refuse(ast.Module([ast.Expr(ast.Constant([1]))], []))
refuse(ast.Module([ast.FunctionDef("f", ast.arguments([], [], None, [], [], None, [name]), [ast.Pass()])], []))
refuse(ast.Module([ast.FunctionDef("f", ast.arguments([], [], None, [], [], None, []), [])], []))
refuse(ast.Module([ast.Try([ast.Pass()], [], [], [])], []))
refuse(ast.Module([ast.Expr(ast.Compare(name, [], []))], []))
refuse(ast.Module([ast.Expr("x")], []))
refuse(ast.Module([name], []))
refuse(ast.Module(None, []))
refuse(ast.Expression(name))
refuse(ast.Module([ast.Expr(ast.Name(1, ast.Load()))], []))
refuse(ast.Module([ast.ImportFrom("m", [ast.alias("a")], -1)], []))
refuse(ast.Module([ast.Pass(lineno=5, col_offset=0, end_lineno=4, end_col_offset=0)], []))
refuse(ast.Module([ast.Return(name)], []))
