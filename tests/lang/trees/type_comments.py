# Type comments in syntax trees, and the types of functions (mode func_type).
import ast


def show(source, **options):
    try:
        tree = ast.parse(source, type_comments=True, **options)
    except SyntaxError as error:
        print("SyntaxError:", error.msg.partition(" (")[0])
        return
    for node in ast.walk(tree):
        comment = getattr(node, "type_comment", None)
        if comment is not None:
            print(type(node).__name__, node.lineno, repr(comment))
    print([(ignore.lineno, ignore.tag) for ignore in getattr(tree, "type_ignores", [])])


show("x = 1  # type: int\ny = z = (\n  2)   #type:  List[int] \n\nx = 1; y = 2 # type: str")
show("for x in y:  # type: int\n  pass\nelse:\n  pass")
show("async def f():\n  async for x in y: # type: a\n    pass\n  async with z: # type: b\n    pass")
show("with (a as b,\n      c):  # type: int\n  pass\nwith a: pass")
show("def f(): # type: () -> int\n  pass\ndef g():\n\n  # plain\n  # type: () -> str\n  return 1")
show("@d\ndef f(a,  # type: A\n  /, b=(1),  # type: B\n  *c,  # type: C\n  d=2  # type: D\n  , **e  # type: E\n):\n  # type: (...) -> int\n  pass")
show("@d\ndef f(a,  # type: A\n  /, b=(1),  # type: B\n  *c,  # type: C\n  d=2,  # type: D\n  **e  # type: E\n):\n  # type: (...) -> int\n  pass")
show("def f(a  # type: A\n  ) -> int:\n  pass")
show("class C:\n  x = []  # type: ignore\n  def f(self):  # type: ignore[override] more\n    pass  # type:ignore\n")
show("# type: ignore\nx = '''\n# type: int\n'''\n")
show("x = 1  # types: int\nx = 1  # type : int\nx = 1 # a # type: int\n")
show("def f():  # type: () -> int\n  # type: () -> str\n  pass")
for wrong in ["pass  # type: int", "x += 1  # type: int", "while 1:  # type: int\n  pass", "f(a,  # type: int\n  b)",
              "x: int = 1  # type: int", "x = [1, # type: int\n 2]", "pass  # type: ignorance", "class C:  # type: int\n  pass",
              "if x:\n  pass\n  # type: int\n"]:
    show(wrong)
    print(ast.dump(ast.parse(wrong))[:20])

for source in ["() -> int", "(int) -> List[str]", "(int, *str, **Any) -> float", "(*int) -> a.b", "(**int) -> None", "(\n a,\n (b, c)\n) -> d\n",
               "  (a, [b, c], 'd') -> e | f", "(a -> b", "a -> b", "(a, *b, c) -> d", "(a=1) -> b", "(a) b", "(*a, *b) -> c", "(a for a in b) -> c",
               "(lambda: 0) -> c", "(a)(b) -> c", "() ->", "() -> a b"]:
    try:
        tree = ast.parse(source, mode="func_type")
    except SyntaxError:
        print("SyntaxError", repr(source))
        continue
    print(ast.dump(tree, include_attributes=len(source) < 12 or "\n" in source))
    print(ast.unparse(tree))

tree = ast.parse("(int) -> str", mode="func_type")
print(ast.dump(compile(tree, "f", "func_type", ast.PyCF_ONLY_AST)))
for source, flags in [(tree, 0), (ast.parse("x"), ast.PyCF_ONLY_AST)]:
    try:
        compile(source, "f", "func_type", flags)
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)

# Ints of too many digits.
import sys
for text in ["1" * 4301, "x = [0,\n" + "1_1" * 3000 + "]", "0x" + "1" * 5000, "1" * 5000 + ".0", "1" * 5000 + "j"]:
    try:
        compile(text, "digits", "exec")
    except SyntaxError as error:
        print(error.msg, error.lineno, error.offset, error.end_lineno, error.end_offset)
    else:
        print("compiled")
sys.set_int_max_str_digits(0)
print(eval("1" * 4301).bit_length())
