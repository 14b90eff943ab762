# Compile-time errors as exceptions, their messages and positions: statements.
cases = [
    'class',
    'import',
    'from x import',
    'for x in',
    "print 'a'",
    "exec 'a'",
    'try: pass',
    'try:\n pass\nfinally',
    'try:\n pass\nexcept:\n pass\nexcept ValueError:\n pass',
    'raise x from',
    'assert',
    'match x:\n case 1: pass\n case y: pass\n case 2: pass',
    'match x:\n case a | b: pass',
    '@\ndef f(): pass',
    'else: pass',
    'elif x: pass',
    'except: pass',
    'while True print(1)',
    'i = 5 j = 6',
    'print(1',
]
for text in cases:
    try:
        compile(text, "<case>", "exec")
        print(repr(text), "fine")
    except SyntaxError as e:
        print(repr(text), type(e).__name__, "|", e.msg, "|", e.lineno, e.offset)
