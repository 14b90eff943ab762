# Compile-time errors as exceptions, their messages and positions: scopes.
cases = [
    'yield',
    'return',
    'break',
    'continue',
    'await x',
    'async def f(): yield from x',
    'nonlocal x',
    'def f():\n x = 1\n global x',
    'def f():\nx',
    'from __future__ import nope',
    'import a.b as c.d',
    'from . import *',
    'def f():\n from x import *',
    'lambda: (yield)',
    'global x\nx = 1',
    'a: b = yield',
]
for text in cases:
    try:
        compile(text, "<case>", "exec")
        print(repr(text), "fine")
    except SyntaxError as e:
        print(repr(text), type(e).__name__, "|", e.msg, "|", e.lineno, e.offset)
