# Compile-time errors as exceptions, their messages and positions: assignment targets.
cases = [
    'x = = 2',
    '1 = x',
    'x + 1 = 2',
    'None = 1',
    'True = 1',
    'del f()',
    'del 1',
    '{**a}=1',
    'with open(x) as 1: pass',
    'x = (yield) = 1',
    '*a',
    '*a = 1',
    'a, *b, *c = d',
    '[*a for a in b]',
    'x := 1',
    '(x := 1)',
    '[x := 1 for x in y]',
    'type X = ',
    '__debug__ = 1',
    'x.__debug__ = 1',
    'a = 1 if 2 else',
    '(a, b) += 1',
]
for text in cases:
    try:
        compile(text, "<case>", "exec")
        print(repr(text), "fine")
    except SyntaxError as e:
        print(repr(text), type(e).__name__, "|", e.msg, "|", e.lineno, e.offset)
