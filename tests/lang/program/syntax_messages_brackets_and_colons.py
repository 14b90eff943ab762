# Compile-time errors as exceptions, their messages and positions: brackets and colons.
cases = [
    'x +',
    '(1, 2',
    '1)',
    '[1, 2)',
    'if x',
    'if x:\npass',
    'a b',
    '{1: 2, 3}',
    'x: int: str',
    'if 1:\n  x\n y',
    '  x',
    'x\n  y',
    'a if b',
    'not',
    'a not b',
    'a is is b',
    '{a: b for c}',
]
for text in cases:
    try:
        compile(text, "<case>", "exec")
        print(repr(text), "fine")
    except SyntaxError as e:
        print(repr(text), type(e).__name__, "|", e.msg, "|", e.lineno, e.offset)
