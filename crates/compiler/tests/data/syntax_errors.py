"""Asks CPython 3.14 what it says about broken snippets, and writes syntax_errors.txt for the tests.

Run as `python3.14 syntax_errors.py` in this directory. A snippet given as a tuple carries the reason why the parser is
known to differ; the test then expects the difference.
"""

import ast
import warnings

warnings.simplefilter("ignore")

EXEC = [
    # Brackets.
    "(", "[", "{", "x = (1,\ny z", "f(a, b\ng(c)\n", "x = [1, 2\nfor i in x: pass\n", ")", "]", "}", "x = )", "(]", "[)", "{]",
    "(\n\n]", "foo(1, 2))", "a = {1: 2]", "x = (\n1 +\n", "f(\n  a\n  b\n)", "print((1, 2)", "x = {'a': [1, 2}\n", "if (a:\n    pass\n",
    "def f(a, (b, c):\n  pass\n", "x = (a b", "[1, 2 3]", "x = [\n1,\n2 3\n]\ny", "(" * 201 + ")" * 201, "[" * 150 + "x" + "]" * 150,
    "x = (1 +\n", "class A(\n", "foo(\nx = 1\ny = 2\n",
    # Commas.
    "f(a b)", "f(a, b c)", "[a b]", "{a b}", "{1: 2 3: 4}", "(a b)", "(1 2)", "x[1 2]", "f(x for x in y z)", "print('a' b)", "f(a if b)",
    "f(1, 2 3, 4)", "(a, b c, d)", "print(1 if 2)", "('a' x)", "f(**a b)", "f(a=1 b=2)", "f(print a)", "dict(a=1 b)", "[x y for z in w]",
    # Assignment.
    "1 = x", "f() = 1", "a + b = 1", "None = 1", "True = 1", "... = 1", "'a' = 1", "f'{x}' = 1", "(a, 1) = x", "[a, f()] = x", "a, b + 1 = x",
    "x = 1 = y", "(x for x in y) = 1", "[x for x in y] = 1", "{x for x in y} = 1", "{x: 1 for x in y} = 1", "{} = 1", "{1} = 2", "lambda: 0 = 1",
    "a if b else c = 1", "a < b = 1", "not a = 1", "a and b = 1", "-a = 1", "await x = 1", "(yield) = 1", "def f():\n  yield = 1", "*a, 1 = x",
    "(a := 1) = 2", "a += b += c", "f() += 1", "1 += 1", "(a, b) += 1", "[a] += 1", "a, b += 1", "None += 1", "x + 1 += 1", "f() -= 1",
    "a: int: str", "(a, b): int", "[a, b]: int", "a, b: int", "f(): int", "1: int", "a + b: int", "(a): int = 1", "() : int", "'a': 1", "x y = 1",
    "x = ", "x =\n", "= 1", "x == = 1", "x = = 1", "x := 1", "(x.y := 1)", "(x[0] := 1)", "(f() := 1)", "((a, b) := 1)", "(1 := 2)", "f(x.y := 1)",
    "a = yield = 1", "x = (yield) = 1", "*x", "*x = 1", "x = *a", "x, y = ", "a.b.c() = 3", "x.1", "x.", "x..y", "x.if",
    # Comparison and assignment confusion.
    "if x = 1:\n  pass\n", "if x.a = 1:\n  pass\n", "if f() = 1:\n  pass\n", "while x = 1:\n  pass\n", "if x = y = 1: pass\n", "if 1 = x: pass\n",
    "elif x: pass", "if x[0] = 1: pass", "(a = b)", "[a = b]", "x = (a = 1)", "if (a, b) = c: pass", "if not x = 1: pass", "print(a.b = 1)", "f(a+b=1)",
    "f(1=2)", "f(True=1)", "f(None=1)", "f(a.b=1)", "f(a()=1)", "f((a)=1)", "f(a=)", "f(a, b=)", "f(a=, b)", "f(a=1, b)", "f(**a, b)", "f(**a, *b)",
    "f(a=1, *b, c)", "f(*)", "f(**)", "f(*, a)", "f(a, *)", "f(*a = b)", "f(**a = b)", "f(a=b for b in c)", "f(a for a in b, c)", "f(a, b for b in c)",
    "f(a, b for b in c, d)", "f(c, a for a in b)", "f(a for a in b, c for c in d)", "f(x for x in y,)", "f(a, , b)", "f(,)", "f(a,,)", "f(a=1, a for a in b)",
    "class A(x for x in y): pass", "class A(x for x in y, z): pass",
    # Deleting.
    "del", "del 1", "del f()", "del a + b", "del (a, 1)", "del [a, f()]", "del *a", "del (a, *b)", "del a, b + c", "del None", "del (yield)", "del a if b else c",
    "del x y", "del 'a'", "del f'{a}'", "del a, , b", "del a := 1", "del lambda: 0", "del ...", "del {}", "del a == b",
    # Strings.
    "'abc", "\"abc", "x = 'abc\ny = 1\n", "'''abc", "\"\"\"abc\ndef\n", "x = '''a\nb\n", "f'abc", "f\"abc\n", "f'''abc\n", "b'abc", "r'abc", "'abc\\'", "'a' 'b", "print('a)\n",
    "x = 'a\\\n", "rb'abc", "t'abc", "t'''abc", "'it's'", "\"a\" b\"c\"", "b'a' 'b'", "b'é'", "b'a' f'b'", "'\\x'", "'\\x4'", "'\\u12'", "'\\U0011ffff'", "'\\N{foo}'", "'\\N'",
    "'\\N{'", "b'\\x'", "'é\\x'", "f'\\x'", "f'\\N{foo}'", "ur'a'", "bu'a'", "kf'abc'", "x = 'a' + 'b", "t'a' 'b'", "'a' t'b'", "f'a' t'b'", "bf'a'", "fb'a'", "u'a' b'b'",
    # f-strings.
    "f'{'", "f'{}'", "f'{ }'", "f'{a'", "f'{a b}'", "f'}'", "f'{a}}'", "f'{a!}'", "f'{a!x}'", "f'{a! r}'", "f'{a!rr}'", "f'{a!1}'", "f'{a:'", "f'{a!r'", "f'{=}'", "f'{!r}'", "f'{:x}'", "f'{a:{'",
    "f'{a:{b}'", "f'{a:{b:{c:{d}}}}'", "f'{a:{b:{c}}}'", "f'{lambda x:1}'", "f'{lambda:1}'", "f'{a[}'", "f'{(a}'", "f'{a)}'", "f'{a]}'", "f'{a $ b}'", "f'{a=!}'", "f'{a=b}'", "f'{a = }'", "f'{*a}'", "f'{**a}'",
    "f'{a,b}'", "f'{a:}'", "f'{a!r:>{w}}'", "f'''{\na b\n}'''", "f'{a\n}'", "f'{a #x}'", "f'{yield}'", "f'{a := 1}'", "f'{(a := 1)}'", "f'{1 = 2}'", "f'{def}'", "f'{,}'", "f'{;}'", "f'{x;y}'", "f'{a.}'", "f'{+}'",
    "f'{\"a}'", "f'{'a'", "f'{a['b']}'", "f'{{a}'", "f'{a:\n}'", "t'{'", "t'{}'", "t'{a b}'", "t'}'", "t'{a!x}'", "t'{a:'", "f'{a!}}'", "f'a{b' 'c'", "f'{await}'", "f'{class}'", "f'{a if b}'", "f'{a' 'b'}'", "f'{\\n}'", "f'{!}'", "f'{a!:x}'",
    # Numbers and characters.
    "01", "0_1", "00", "007", "1_", "1__0", "1abc", "1_a", "0x", "0xg", "0o8", "0o18", "0b2", "0b12", "0b", "0o", "1e", "1e+", "1.e", "1.5abc", "1j2", "0xfz", "1.2.3", "1_000_", "09.5", "09", "0b1_", "0x_", "1e5x", "1if x else y", "5and 6", "5a", "08j", "012345", "0o7_", "0xfor",
    "x = 1$", "a ? b", "x = $y", "a!", "!a", "a != b", "a <> b", "x = \u201cabc\u201d", "x\u00a0= 1", "\u00e9\u00a1 = 1", "x = 5 \u20ac", "\u2028", "a\u200b = 1", "x = 1\u3000", "\x01", "x = `a`", "\\", "a \\ b", "a = 1 \\", "a = 1 \\\n", "x = \\\n", "\\\n", "a\\\nb c", "x = 1 \\ # c\n", "\u4e2d\u6587\uff01", "x\uff0c y",
    # Indentation.
    " x", "  x = 1\n", "if x:\n", "if x:\npass\n", "if x:\n  a\n    b\n", "if x:\n    a\n  b\n", "x\n  y\n", "if x:\n\ta\n        b\n", "if x:\n        a\n\tb\n", "if x:\n    if y:\n    a\n", "def f():\n", "def f():\nx\n", "class A:\n", "class A:\nx\n", "for x in y:\nz\n",
    "while x:\ny\n", "try:\nx\n", "with x:\ny\n", "with (x):\ny\n", "with (a as b, c as d):\ny\n", "async def f():\nx\n", "if x:\n  a\nelse:\nb\n", "if x:\n  a\nelif y:\nb\n", "try:\n  a\nexcept:\nb\n", "try:\n  a\nexcept A:\nb\n", "try:\n  a\nexcept A as e:\nb\n", "try:\n  a\nexcept* A:\nb\n", "try:\n  a\nfinally:\nb\n",
    "match x:\ncase 1: pass\n", "match x:\n  case 1:\n  a\n", "for x in y:\n  a\nelse:\nb\n", "while x:\n  a\nelse:\nb\n", "async def f():\n  async for x in y:\n  a\n", "async def f():\n  async with x:\n  a\n", "try:\n  a\nexcept A:\n  b\nelse:\nc\n",
    "def f():\n    x = 1\n   y = 2\n", "def f():\n  pass\n\n  # c\n    x\n", "class A:\n    def f(self):\n        pass\n     def g(self):\n        pass\n", "if x:\n  a\n b\n", "  # comment\n    x\n", "if x: a\n  b\n", "x = 1\n\ty = 2\n", "if x:\n    pass\n   # odd comment\n   y\n",
    "".join(" " * i + "if x:\n" for i in range(101)) + " " * 101 + "x\n", "if 1:\n  x\n\ty\n", "def f():\n  if x:\n    y\n", "try:\n  if x:\n",
    # Missing colons.
    "if x\n  y\n", "if x", "while x\n  y\n", "for x in y\n  z\n", "def f()\n  x\n", "class A\n  x\n", "class A()\n  x\n", "try\n  x\n", "else\n", "if x:\n  a\nelse\n  b\n", "if x:\n  a\nelif y\n  b\n", "try:\n  a\nexcept\n  b\n", "try:\n  a\nexcept A\n  b\n", "try:\n  a\nexcept A as e\n  b\n", "try:\n  a\nfinally\n  b\n",
    "with x\n  y\n", "with x as y\n  z\n", "with (a as b)\n  c\n", "match x\n  case 1: pass\n", "match x:\n  case 1\n    pass\n", "lambda x", "async def f()\n  x\n", "def f() -> int\n  x\n", "async for x in y\n", "while True print(x)\n", "if x y:\n  z\n", "for x y in z:\n  a\n", "if x: y: z\n", "def f(x) y: pass\n", "class A(B) C: pass", "try:\n  a\nexcept* A\n  b\n",
    # Functions and parameters.
    "def", "def f", "def f(", "def f:\n  pass\n", "def f(a, a=1, b): pass", "def f(a=1, b): pass", "def f(*): pass", "def f(*, **k): pass", "def f(*,): pass", "def f(**k, a): pass", "def f(**k, *a): pass", "def f(*a, *b): pass", "def f(*a=1): pass", "def f(**k=1): pass", "def f(/): pass", "def f(/, a): pass", "def f(a, /, b, /): pass", "def f(*a, /): pass", "def f(a, *, /): pass",
    "def f(a, (b, c)): pass", "def f((a)): pass", "def f((a, b)): pass", "def f(a=): pass", "def f(a=, b=1): pass", "def f(a b): pass", "def f(a, 1): pass", "def f(1): pass", "def f(a.b): pass", "def f(None): pass", "def 1(): pass", "def f(a:): pass", "def f() -> : pass", "def f(a/*b): pass", "def f(a, /*b): pass", "def f(*a: *b, *c): pass", "def f(a, *, b, *, c): pass", "def f(**k, **l): pass", "def if(): pass", "def f(a, **): pass",
    "lambda *: 1", "lambda *, **k: 1", "lambda a=1, b: 1", "lambda **k, a: 1", "lambda /: 1", "lambda (a, b): 1", "lambda *a, *b: 1", "lambda a=: 1", "lambda *a=1: 1", "lambda **k=1: 1", "lambda a, /, b, /: 1", "lambda *a, /: 1", "lambda a b: 1", "lambda: yield", "lambda:", "lambda a: b: c", "lambda a/*b: 1", "lambda /, a: 1", "lambda (a): 1",
    "def f[]() : pass", "class A[]: pass", "type X[] = int", "def f[*T: int](): pass", "def f[**P: int](): pass", "def f[*T: (int, str)](): pass", "type X = ", "type X", "def f[T: ](): pass", "def f[1](): pass", "type X[T] y", "class A[T=]: pass", "type = 1", "type X.y = 1",
    # Imports.
    "import", "import a.", "import a b", "import a,", "import a as", "import a as 1", "import a as b.c", "import a as f()", "from", "from a", "from a import", "from a import b,", "from a import (b", "from a import ()", "from a import (b, c", "from a import b c", "from a import *, b", "from a import b.c", "from a import b as", "from a import b as 1", "from a import b as c.d", "from . import", "from .. import a,\n", "from a import b, c,\n", "import a from b", "import a, b from c", "import *", "from a import (b as c.d)", "import a.b as c[0]", "from a import (*)", "from 1 import a", "import a as (b)", "from a import b as [c]", "from a import 'b'", "import a.b as c d",
    # Exceptions.
    "try: pass", "try:\n  a\nb\n", "try:\n  a\nelse:\n  b\n", "try:\n  a\nexcept A, B:\n  c\n", "try:\n  a\nexcept A, B as e:\n  c\n", "try:\n  a\nexcept* A, B as e:\n  c\n", "try:\n  a\nexcept*:\n  b\n", "try:\n  a\nexcept A:\n  b\nexcept* B:\n  c\n", "try:\n  a\nexcept* A:\n  b\nexcept B:\n  c\n", "try:\n  a\nexcept* A:\n  b\nexcept:\n  c\n", "try:\n  a\nexcept A as b.c:\n  d\n", "try:\n  a\nexcept A as 1:\n  d\n", "try:\n  a\nexcept* A as f():\n  d\n", "except: pass", "finally: pass", "raise from x", "raise x from", "raise x y", "raise x, y", "assert", "assert x,", "assert x y", "try:\n  a\nexcept A as:\n  b\n", "try:\n  a\nfinally:\n  b\nexcept:\n  c\n", "try x: pass", "try:\n  a\nexcept A B:\n  c\n", "try:\n  a\nexcept * :\n  c\n", "try:\n  a\nexcept A, B, C: pass",
    # Comprehensions and displays.
    "[*a for a in b]", "{*a for a in b}", "(*a for a in b)", "{**a for a in b}", "{**a: 1 for a in b}", "[a, b for a in c]", "{a, b for a in c}", "[a, for a in c]", "[a for]", "[a for b]", "[a for b in]", "[a for 1 in b]", "[a for f() in b]", "[a for a in b if]", "[a for a, 1 in b]", "(a for a b in c)", "[for a in b]", "[a for a in b, c]", "[a for a in lambda: 1, 2]", "[a for a in b else c]", "[a if b for b in c]", "{a: b for}", "{a: for a in b}", "{a for a in}",
    "{1:}", "{1:2, 3}", "{1: 2, 3:}", "{1: *a}", "{1: 2, 3: *a}", "{**a, b}", "{1, 2: 3}", "{**a}", "{*a: 1}", "{1: 2, **}", "{:}", "{1: 2 for}", "{a: b, c d}", "{1: 2, 'a'}", "{a b: c}", "{'a': 1, 'b' 2}", "{1: , 2: 3}", "{1 2: 3}", "[,]", "(,)", "{,}", "[1,,2]", "x[]", "x[,]", "x[1:2:3:4]", "x[a=1]", "x[*a]", "x[**a]", "x[a:=1]", "x[1:a:=2]", "(*a)", "(**a)", "(*a, b)", "((*a))", "*a, = x", "print(*a b)", "(a, b for c in d)", "await", "x = await", "async x", "async lambda: 1", "x async y",
    # For and while.
    "for", "for x", "for x in", "for x in:", "for in y: pass", "for 1 in x: pass", "for f() in x: pass", "for a, 1 in x: pass", "for (a, f()) in x: pass", "for x in y z: pass", "for x of y: pass", "for x.a() in y: pass", "for a + b in c: pass", "for x, in y: pass", "for *a in b: pass", "for not x in y: pass", "for x not in y: pass", "for (x in y): pass", "for x = 1 in y: pass", "while", "while:", "while x: y; else: z", "for i in range(10) print(i)\n", "for lambda: 1 in x: pass", "async for x in y: pass z", "for x in *a, b: pass", "for x if y in z: pass",
    # With.
    "with", "with:", "with x as", "with x as 1: pass", "with x as f(): pass", "with x as (a, 1): pass", "with (x as 1): pass", "with (x as y, z as 1): pass", "with x, : pass", "with x as y z: pass", "with (a, b as c: pass", "with a as b + c: pass", "with a as *b: pass", "with (a as b), c as 1: pass", "with () as x: pass", "with (a as b, c: pass", "with (yield): pass", "with x as a, y as b.c(): pass",
    # If expressions and statements.
    "a if b", "x = a if b", "x = a if b else", "x = a if b else pass", "x = a if b else return", "x = pass if b else a", "x = break if b else a", "a if else b", "if", "if:", "if x:", "elif", "else:", "if x: pass\nelif: pass", "if x:\n  a\nelse:\n  b\nelif c:\n  d\n", "if x:\n  a\nelse if y:\n  b\n", "if x then y", "x if y else z = 1", "return if x else y", "(pass if x else y)", "x = 1 if 2 else 3 = 4",
    "not", "not not", "a not b", "a in", "a is", "a is not", "a not in", "a and", "a or", "and b", "a b", "a b c", "1 2", "a 'b'", "'a' b", "a.b c", "a + ", "+ ", "a +* b", "a ** ", "a // ", "a @ ", "a ++ b", "a++", "a--", "++", "a && b", "a || b", "a === b", "a => b", "a -> b", "a ; ; b", ";", "a;;", ",", "a,,b", ":", ".", "..", "->", "@", "@x", "@x\n", "@x\ny = 1\n", "@\ndef f(): pass", "@x y\ndef f(): pass", "a if", "a + not b", "-not a", "1 + not 2", "a * not b, c", "a == not b", "a < not b", "not = 1", "~not a", "a ** not b", "a | not b", "[1 + not 2]",
    # Legacy statements and keywords.
    "print 1", "print 'a'", "print a, b", "print a b", "print", "print 'a' % b", "exec 'a'", "exec a", "print f()", "print -1", "print >>f, x", "exec a in b", "print(1) 2", "print not x", "if x: print 1", "print \"a\"\n\nx", "def f():\n  print x\n", "print lambda: 1", "return x y", "x = print a", "print a if b", "print a.b = 1",
    "class", "class A(", "class 1: pass", "class A: pass x", "class A.b: pass", "class A B: pass", "global", "global x y", "global x, ", "global 1", "global x = 1", "nonlocal", "nonlocal x.y", "return return", "pass x", "break 1", "continue x", "pass = 1", "break = 1", "import = 1", "class = 1", "None()", "x = if", "x = def", "x = class", "x = for", "return = 1", "from = 1", "lambda = 1", "def = 1", "yield = 1", "assert = 1", "True.a = 1", "None.x", "import.x", "a = b = ", "del = 1", "raise = 1", "is", "in", "as", "x as y", "with = 1", "whille x:\n  pass\n", "fro x in y:\n  pass\n", "improt x", "deff f():\n  pass\n", "classs A:\n  pass\n", "retrun x", "x = 1 esle 2", "if x: pass\nesle: pass", "tru:\n  pass\n", "a = lamda x: x", "wile True: pass", "asnyc def f(): pass",
    # Match.
    "match x:\n  pass\n", "match x:\n  case: pass\n", "match x:\n  case 1 2: pass\n", "match x:\n  case a.b(): pass\n  y\n", "match x:\n  case A(a=1, 2): pass\n", "match x:\n  case A(a=1, b, c): pass\n", "match x:\n  case a as _: pass\n", "match x:\n  case a as b.c: pass\n", "match x:\n  case a as 1: pass\n", "match x:\n  case 1 + 2: pass\n", "match x:\n  case 1j + 2j: pass\n", "match x:\n  case {**a, 'b': 1}: pass\n", "match x:\n  case {'a'}: pass\n", "match x:\n  case {a: 1}: pass\n", "match x:\n  case *a: pass\n", "match x:\n  case (*a): pass\n", "match x:\n  case a if: pass\n", "match x:\n  case -a: pass\n", "match x:\n  case 1 |: pass\n", "match x:\n  case [a, b: pass\n", "match x:\n  case a()(): pass\n", "match:\n  case 1: pass\n", "match x, y\n", "match x:\n  case a := 1: pass\n", "match x: case 1: pass\n", "match x:\n  default: pass\n", "match x:\n  case {**_}: pass\n", "match x:\n  case A(**k): pass\n", "match x:\n  case (a b): pass\n", "match x:\n  case [1, 2 3]: pass\n", "match x y:\n  case 1: pass\n", "match x:\n  case not a: pass\n", "match x:\n  case 1 as a.b: pass",
    # Whole programs with one mistake in the middle.
    "import os\n\ndef f(x):\n    return x +\n\nprint(f(1))\n", "class A:\n    x = 1\n    def f(self)\n        pass\n", "x = 1\ny = 2\nz = [1, 2\nprint(z)\nprint(y)\n", "def f():\n    a = 1\n    b = (a +\n    c = 2\n    return c\n", "x = {\n  'a': 1,\n  'b': 2\n  'c': 3,\n}\n", "x = [\n  1,\n  2\n  3,\n]\n", "def f(a,\n      b\n      c):\n  pass\n", "s = 'abc\nt = 'def'\n", "x = 5\nif x == 5\n    print(x)\n", "for i in range(3):\n    print(i))\n", "a = 'é' b\n", "é = 1 é\n", "x = 'ü' + 'ö' $\n", "if True:\n    x = 'ä' y\n", "# comment\n\nx y\n", "x = 1; y z\n", "x = 1\n\n\ny = )\n", "def f():\n    '''doc\n    x = 1\n", "f(a, b, c d, e)\n", "foo(a, b for b in range(5), c)\n", "x = {1: 2, 3: 4, 5}\n", "with open('a') as f, open('b') as g\n    pass\n", "try:\n    x = 1\nexcept ValueError, e:\n    pass\n", "raise ValueError, 'a'\n", "x = 10l\n", "x = 0777\n", "print >>sys.stderr, 'a'\n", "x = a if b else c d\n", "lambda x: return x\n", "x = [i for i in range(5) if i else 0]\n", "async def f():\n    await = 1\n", "def f():\n    return\n     x\n", "a = b c = d\n", "x = ((1, 2), (3, 4)\ny = 5\n", "data = [\n    ('a', 1),\n    ('b' 2),\n]\n", "x = 1 +\\\n", "if a:\n    pass\nelse a:\n    pass\n", "else:\n    pass\n", "x = yield y = 1\n", "\n\n\n   x\n", "'''a''' b\n", "'''a\nb''' c\n", "x = '''a\nb''' c\n", "f('''a\nb''' c)\n", "\tx\n", "\x0cx y\n", "a\rb c\n", "a\r\nb c\r\n", "x = (  # comment\n", "def f(): x y\n", "if x:\n  y z\n", "import a\nimport b c\n", "a = 1 if b else\n", "a = [1, 2, 3\n\n\n", "class A: def f(self): pass\n", "if x: if y: z\n", "for x in y: for z in w: pass\n", "if x: for y in z: pass\n", "x = 1 if y: 2\n", "while x: def f(): pass\n", "a; def f(): pass\n", "a; if b: c\n",
    # Found by mutating real programs.
    "'a' x 'b'", "f('a' x y 'b', c)", 'x = "the "quick" fox"\n', "('a' if x 'b')", "'a' x, 'b'", "f'a' x f'b'", "f'a' 1 'b'", '0x1forx\n', '1_0inx\n', '1iff\n', '1andy\n', '1notx', "a, b,'c'd = zip(\n  x)\n", 'a, b, c d, e, f = g(1)\n', 'try:\n  try:\n    a\n  except A as e:\n    b\nc\n', 'try:\n  a\nexcept A as e:\n  b\nelse:\nc\n', '(a\n\nb is c by d)\n', "a = 1\nx = '''a\nb''' \\ c\n", 'x = y or \\\n    z or \\ w\n', '{\n \'a\': 1,\n b": \'\\a\',\n}\n', 'f(\n (, 3),\n a \\ b)\n', 'def f(x: list[str]) -> t[a b]:\n  pass\n', 'def f(x: s[int], y,) -> t[a b]:\n  pass\n', 'def f(a: b) -> c d:\n  pass\n', "x = (\n 'a'\n f-b c\\n'\n)\n", '{1: 2, b if c}', '{1: 2, (b c): 3}', '{**x, b c}', 'yield , x', 'return , x', 'x = , y',
    "f(**a, *b b'b' )", 'a< > b', 'yield | 1', 'x = yield and a', 'not((ab) := 1)', 'raise 1from x', "t'a'  t'{x}' 'b'", "t'{a:b'", 'foo(a, b for b in (5), c)', 'x = yield a, print *b\nif x\n', '*a <> b', "'\\N{}'", "f'\\{foo}not t'{x}' '",
    ('raise ; x', 'the tree parser wants an expression between raise and a semicolon'),
    ('import a; match', 'the tree parser takes match after a semicolon for a statement'),
    ('refused a pass early: the tree parser has no such pattern'),
    ("match x:\n  case A(t'{a}'): pass\n", 'refused a pass early: the tree parser has no such pattern'),
]
EVAL = ["", " a", "a b", "a\nb", "a = 1", "x +", "(", "pass", "a;", "'a", "lambda", "1 2", "f(a b)", "import a", "yield", "a\n\n", "# c", "a # c", "(a\n", "x = 1", "*a", "*a, b", "a :=1", "(a := 1)", "if x: pass", "a\n b", "a\\", "'''a", ")", "print 1", "1 = 2", "f(a=1 b)", "\n", "é b", "a,", "01"]
SINGLE = ["", "a", "a\n", "a b", "a\nb", "a\nb\n", "if x:\n  y\n", "if x:\n  y", "if x:", "a; b", "a;", "a; b\nc", "x = 1\n\n\n", "x = 1\n# c\n", "def f():\n  pass\n\n\nx", "(", "'''a", "for x in y:\n  z\n\n", "# c", "\n", " x", "a = (\n", "if x: pass\nelse: pass\n", "try: pass", "try:\n  x\n", "class A: pass\n", "@x\n", "x = '", "a\\", "a \\\n", "a\n)", "a\n'"]


def escape(text):
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")


def verdict(source, mode):
    try:
        compile(source, "<string>", mode, ast.PyCF_ONLY_AST, dont_inherit=True)
    except SyntaxError as error:
        fields = [error.lineno, error.offset, error.end_lineno, error.end_offset]
        numbers = ["-" if field is None else str(field) for field in fields]
        text = "-" if error.text is None else "=" + escape(error.text)
        return [type(error).__name__, escape(error.msg), *numbers, text]
    except (MemoryError, RecursionError, ValueError) as error:
        return [type(error).__name__, escape(str(error)), "-", "-", "-", "-", "-"]
    return ["ok", "", "-", "-", "-", "-", "-"]


def main():
    seen = set()
    with open("syntax_errors.txt", "w", encoding="utf-8", newline="\n") as out:
        out.write("# mode, source, class, message, line, offset, end line, end offset, text, known difference\n")
        for mode, snippets in (("exec", EXEC), ("eval", EVAL), ("single", SINGLE)):
            for snippet in snippets:
                source, reason = snippet if isinstance(snippet, tuple) else (snippet, "")
                if (mode, source) in seen:
                    continue
                seen.add((mode, source))
                out.write("\t".join([mode, escape(source), *verdict(source, mode), reason]) + "\n")


main()
