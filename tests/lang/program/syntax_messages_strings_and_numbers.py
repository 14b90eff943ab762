# Compile-time errors as exceptions, their messages and positions: strings and numbers.
cases = [
    "'abc",
    "'''abc",
    "f'{'",
    "f'{}'",
    "f'{a b}'",
    "f'}'",
    "b'é'",
    "'\\N{nope}'",
    "'\\x1'",
    '0x',
    '1__0',
    '0b2',
    '1.e',
    '1e',
    '5a',
    '$',
    'a?',
    '\\ x',
    "match x:\n case {**a, 'b': 1}: pass",
    "'a' 'b' b'c'",
    "x = 'a\nb'",
]
for text in cases:
    try:
        compile(text, "<case>", "exec")
        print(repr(text), "fine")
    except SyntaxError as e:
        print(repr(text), type(e).__name__, "|", e.msg, "|", e.lineno, e.offset)
