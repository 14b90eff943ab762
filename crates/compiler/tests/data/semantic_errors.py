"""Asks CPython 3.14 what its compiler says about snippets that parse, and writes semantic_errors.txt for the tests.

Run as `python3.14 semantic_errors.py` in this directory. A snippet given as a tuple carries the reason why the compiler is
known to differ; the test then expects the difference.
"""

import warnings

SNIPPETS = [
    # Scopes.
    "def f(a, a): pass", "def f(a, *, a): pass", "def f(a, *a): pass", "def f(*a, **a): pass", "lambda a, a: 1", "def f(a, /, a): pass",
    "def f(a): global a", "def f(a): nonlocal a", "def f():\n a = 1\n global a", "def f():\n print(a)\n global a", "def f():\n nonlocal a",
    "nonlocal a", "def f():\n global a\n nonlocal a", "def f():\n nonlocal a\n global a", "def f():\n a: int\n global a", "def f():\n global a\n a: int",
    "def f():\n x = 1\n def g():\n  x: int\n  nonlocal x", "def f():\n x = 1\n def g():\n  nonlocal x\n  x: int", "a: int\nglobal a", "global a\na = 1",
    "a = 1\nglobal a", "print(x)\nglobal x", "class A:\n x = 1\n global x", "class A:\n nonlocal x", "def f():\n class C:\n  nonlocal x",
    "def f():\n x = 1\n class C:\n  nonlocal x", "def f():\n x = 1\n def g():\n  x = 2\n  nonlocal x", "def f():\n x = 1\n def g():\n  print(x)\n  nonlocal x",
    "def f(x):\n def x(): nonlocal x", "class A[T]:\n def f(self):\n  nonlocal T", "def f[T]():\n nonlocal T", "def f[T]():\n def g():\n  nonlocal T",
    "def f():\n import x\n global x", "def f():\n for x in y: pass\n global x", "def f():\n with y as x: pass\n global x", "global x\nx: int = 1",
    "def f[T, T](): pass", "class A[T, *T]: pass", "type X[T, **T] = int", "def f():\n def x(): pass\n global x", "class A:\n global __x\n __x = 1",
    "def f():\n from math import *", "class A:\n from math import *", "def f():\n import math\n from math import *", "from math import *",
    # Assignment expressions.
    "[x := 1 for x in y]", "[a for a in (b := 1)]", "[a for a in b for c in (d := 1)]", "class A:\n [(b := 1) for a in c]", "[(x := 0) for y in z]",
    "[[(x := 0) for x in a] for y in b]", "[[(y := 0) for x in a] for y in b]", "[i for i in range(5) if (j := i) for j in range(5)]",
    "{(a := 1): a for a in b}", "(a := 1 for a in b)", "lambda: (x := 1)", "[lambda: (x := 1) for x in y]", "[x for x in (lambda: (y := 1))()]",
    "def f():\n [(x := 1) for y in z]\n nonlocal x", "class A:\n (x := 1)", "class A:\n def f(self): [(x := 1) for y in z]", "[(x := i, i := 2) for i in y]",
    "def f(x: (y := 1)): pass", "type X = (y := 1)", "class A[T](x := 1): pass", "def f[T: (x := 1)](): pass", "[(x := 1) for y in z if x]",
    "def f():\n nonlocal y\n [(y := 1) for a in b]", "def f():\n global y\n [(y := 1) for a in b]", "print(f'{(x := 1)}')",
    # yield, await and return in the wrong place.
    "yield 1", "yield", "yield from x", "x = yield", "class A: yield 1", "class A:\n x = yield from y", "await x", "class A: await x", "def f(): await x",
    "lambda: await x", "lambda: (yield)", "[(yield) for x in y]", "{(yield) for x in y}", "{1: (yield) for x in y}", "((yield) for x in y)",
    "[(yield from a) for x in y]", "def f(): [(yield) for x in y]", "def f(): [x for x in (yield)]", "async def f(): yield from x", "async def f():\n yield 1\n return 2",
    "async def f():\n return 2\n yield 1", "async def f():\n yield 1\n return", "async for x in y: pass", "async with x: pass", "def f():\n async for x in y: pass",
    "def f():\n async with x: pass", "async def f():\n def g():\n  async with x: pass", "async def f():\n def g():\n  [x async for x in y]", "[x async for x in y]",
    "(x async for x in y)", "def f(): [x async for x in y]", "def f(): (x async for x in y)", "def f(): [await x for x in y]", "def f(): (await x for x in y)",
    "async def f(): [await x for x in y]", "async def f(): [[await z for z in x] for x in y]", "async def f(): lambda: [x async for x in y]", "[await x for x in y]",
    "async def f():\n class A:\n  await x", "async def f():\n class A:\n  [x async for x in y]", "class A:\n [x async for x in y]", "def f(x=(yield)): pass", "def f():\n def g(x=(yield)): pass",
    "def f(x: (yield)): pass", "def f() -> (yield): pass", "def f(x: (await y)): pass", "x: (yield)", "def f():\n x: (yield)", "async def f():\n x: (await y)", "type X = (yield)",
    "type X = (await y)", "def f[T: (yield)](): pass", "def f[T: (yield, 1)](): pass", "def f[T = (yield)](): pass", "def f[*T = (yield)](): pass", "def f[**T = (yield)](): pass",
    "def f():\n class A[T](x := (yield)): pass", "def f():\n class A[T]((yield)): pass", "def f[T](x: T = (await 1)): pass", "return", "return 1", "class A:\n return 1",
    "if x:\n return", "def f():\n class A:\n  return", "try: pass\nexcept* E: return", "def f():\n try: pass\n except* E: return", "def f():\n try: pass\n except* E: return 1",
    "for x in y:\n try: pass\n except* E: break", "for x in y:\n try: pass\n except* E: continue", "try: pass\nexcept* E:\n for x in y: break", "try: pass\nexcept* E:\n for x in y: continue",
    "def f():\n try: pass\n except* E:\n  for x in y: return", "def f():\n try: pass\n except* E:\n  def g(): return 1", "from __future__ import annotations\ndef f(x: (yield)): pass",
    "from __future__ import annotations\nx: (yield)", "from __future__ import annotations\ndef f(x: (y := 1)): pass", "async def f(): yield\nasync def g():\n return (yield)",
    # Loops.
    "break", "continue", "if x: break", "def f(): break", "for x in y:\n def f():\n  break", "for x in y:\n class A:\n  continue", "while 1:\n lambda: 1\n break", "for x in y: pass\nelse: break",
    "while x: pass\nelse: continue", "try: break\nfinally: pass", "with x: continue", "for x in y:\n try: pass\n finally: continue",
    # Future imports.
    "from __future__ import braces", "from __future__ import foo", "x = 1\nfrom __future__ import division", "'doc'\nfrom __future__ import division",
    "'doc'\n'x'\nfrom __future__ import division", "def f():\n from __future__ import division", "from __future__ import division, foo", "from __future__ import *",
    "if 1:\n from __future__ import division", "from __future__ import nested_scopes, generators, with_statement", "import x\nfrom __future__ import annotations", "from .__future__ import foo",
    # __debug__.
    "__debug__ = 1", "def f(__debug__): pass", "x.__debug__ = 1", "f(__debug__=1)", "del __debug__", "for __debug__ in x: pass", "import __debug__", "import a as __debug__",
    "from a import __debug__", "def __debug__(): pass", "class __debug__: pass", "with x as __debug__: pass", "try: pass\nexcept E as __debug__: pass", "(__debug__ := 1)", "__debug__ += 1",
    "__debug__: int", "x.__debug__: int", "del x.__debug__", "lambda __debug__: 1", "[__debug__ for __debug__ in x]", "def f(*__debug__): pass", "def f(**__debug__): pass", "def f(*, __debug__): pass",
    "class A(__debug__=1): pass", "match x:\n case __debug__: pass", "match x:\n case {**__debug__}: pass", "match x:\n case [*__debug__]: pass", "type __debug__ = 1", "def f[__debug__](): pass",
    "x.__debug__ += 1", "(a, __debug__) = 1", "import __debug__.x", "import a.__debug__", "print(__debug__)", "global __debug__", "def f():\n __debug__ = 1",
    # Stars.
    "*a = 1", "a, *b, *c = 1", "*a", "def f():\n  x = *a", "*a, = 1", "[*a] = 1", "*a, *b = 1", "x = *a, *b", "return_ = (*a)", "del *a", "print(*a)", "f(**a, *b)", "for *a in b: pass", "for *a, b in c: pass",
    "a = " + "b, " * 300 + "*c", "b, " * 256 + "*c = x", ("*c" + ", b" * 256 + " = x", "at most 255 targets may follow the starred one"), "b, " * 255 + "*c = x", "x[*a]", "x[*a, 1:2]", "x[*a] = 1", "del x[*a]", "{*a}", "{**a}", "{*a: 1}",
    "yield_ = [*a for a in b]", "async def f(): await *x", "if *a: pass", "def f(): return *a, 1", "def f(): yield *a, 1", "x: *a = 1", "def f(*args: *a): pass", "def f(a: *b): pass", "a: *b", "x = y = *a, 1",
    # Patterns.
    "match x:\n case a: pass\n case b: pass", "match x:\n case _: pass\n case 1: pass", "match x:\n case a if y: pass\n case b: pass", "match x:\n case a | 1: pass", "match x:\n case 1 | a: pass",
    "match x:\n case _ | 1: pass", "match x:\n case 1 | _: pass", "match x:\n case [a, a]: pass", "match x:\n case [a, *a]: pass", "match x:\n case {1: a, **a}: pass", "match x:\n case A(a, b=a): pass",
    "match x:\n case (a as b) | b: pass", "match x:\n case a as b: pass", "match x:\n case a as b: pass\n case c: pass", "match x:\n case (_ as a): pass\n case c: pass", "match x:\n case A(x=1, x=2): pass",
    "match x:\n case [*a, *b]: pass", "match x:\n case [*_, *_]: pass", "match x:\n case {'a': 1, 'a': 2}: pass", "match x:\n case {1: 1, 1: 2}: pass", "match x:\n case {a.b: 1, a.b: 2}: pass", "match x:\n case {1: _, True: _}: pass",
    "match x:\n case [1 | a]: pass", "match x:\n case [(a | b)]: pass", "match x:\n case [a, b] | [b, a]: pass", "match x:\n case [a] | [a, b]: pass", "match x:\n case -1 | 1+2j: pass", "match x:\n case {**rest}: pass",
    "match x:\n case (1 as a) | (2 as a): pass", "match x:\n case a | b | c: pass", "match x:\n case [a, (b | c)]: pass", "match x:\n case A(1, 2, y=3): pass", "match x:\n case {}: pass\n case []: pass",
    # Statements.
    "try: pass\nexcept: pass\nexcept E: pass", "try: pass\nexcept E: pass\nexcept: pass", "f(a=1, a=2)", "class A(a=1, a=2): pass", "f(a=1, **b, a=2)", "def f[T = int, U](): pass", "class A[*Ts = int, T]: pass",
    "import a.b as c", "del (a, b), [c]", "del ()", "x = [] = ()", "a.b: int", "a[1]: int = 2", "(a): int",
    # Warnings.
    "x is 1", "x is not 1", "x is 'a'", "x is ()", "x is (1, 2)", "x is (1, a)", "1 is x", "x is None", "x is ...", "x is True", "x is -1", "x == 1 is y", "x is 1.0", "x is b''", "x is y is 1", "x is f''",
    "assert (1, 2)", "assert ()", "assert (x, 'message')", "assert (x,)", "assert x, (1, 2)", "(1)()", "'a'()", "b''()", "1.0()", "1j()", "None()", "...()", "True()", "()()", "[]()", "{}()", "{1}()", "[x for x in y]()",
    "(x for x in y)()", "{x for x in y}()", "{x: 1 for x in y}()", "f''()", "f'{x}'()", "t''()", "(lambda: 1)()", "1[2]", "None[1]", "...[1]", "True[1]", "1.0[1]", "{1}[1]", "{x for x in y}[1]", "(x for x in y)[1]", "(lambda: 1)[1]",
    "t''[1]", "[1]['a']", "[1][1.0]", "[1][None]", "[1][x]", "[1][1:2]", "[1][True]", "(1, 2)['a']", "(1, 2)[1, 2]", "'a'['b']", "'a'[1.0]", "b'a'['b']", "f'{x}'['a']", "[x for x in y]['a']", "[1][(1, 2)]", "[1][[]]", "[1][{}]", "[1][{1}]",
    "[1][lambda: 1]", "[1][f'']", "[1][b'']", "[1][...]", "[1]['a'] = 2", "del [1]['a']", "{}['a']", "'a'[1:2]", "[1][x for x in y]",
    "def f():\n try: pass\n finally:\n  return 1", "def f():\n for i in x:\n  try: pass\n  finally: break", "for i in x:\n try: pass\n finally: continue", "for i in x:\n try: pass\n finally:\n  for j in x: break",
    "def f():\n try: pass\n finally:\n  def g(): return 1", "def f():\n try: pass\n finally:\n  for x in y: return", "def f():\n try: pass\n finally:\n  if x: return 1\n  else: return 2",
    "def f():\n try: pass\n finally:\n  try: pass\n  finally: return 1", "for i in x:\n try: pass\n finally:\n  while 1: pass\n  else: break", "def f():\n try: pass\n finally:\n  with x: return", "def f():\n try: pass\n finally:\n  try: return\n  except: return 3",
    # Depth.
    "\n".join(" " * i + "while 1:" for i in range(20)) + "\n" + " " * 20 + "pass", "\n".join(" " * i + "while 1:" for i in range(22)) + "\n" + " " * 22 + "pass",
    "\n".join(" " * i + "for x in y:" for i in range(22)) + "\n" + " " * 22 + "pass", "\n".join(" " * i + "with x:" for i in range(22)) + "\n" + " " * 22 + "pass", "\n".join(" " * i + "if x:" for i in range(30)) + "\n" + " " * 30 + "pass",
    "\n".join(" " * i + "try:" for i in range(22)) + "\n" + " " * 22 + "pass\n" + "\n".join(" " * i + "finally: pass" for i in reversed(range(22))),
]


def escape(text):
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")


def verdict(source):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            compile(source, "<string>", "exec", dont_inherit=True)
        except SyntaxError as error:
            place = [error.lineno, error.offset, error.end_lineno, error.end_offset]
            return [escape(error.msg)] + ["-" if x is None else str(x) for x in place]
    found = sorted({(w.lineno, str(w.message)) for w in caught})
    return ["ok" + "".join(f"; {line}: {message}" for line, message in found), "-", "-", "-", "-"]


with open("semantic_errors.txt", "w") as output:
    output.write("# source, message or warnings, line, offset, end line, end offset, known difference\n")
    for snippet in SNIPPETS:
        source, reason = snippet if isinstance(snippet, tuple) else (snippet, "")
        output.write("\t".join([escape(source), *verdict(source), reason]) + "\n")
