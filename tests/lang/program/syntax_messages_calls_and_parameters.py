# Compile-time errors as exceptions, their messages and positions: calls and parameters.
cases = [
    'def f(:',
    'def f(a=1, b): pass',
    'f() = 1',
    'lambda x: = 1',
    'def f(a, a): pass',
    'f(a=1, a=2)',
    'f(a=1, b)',
    'f(**k, *a)',
    'class C(x=1, *a): pass',
    'f(x for x in y, 1)',
    'def f[T](x: T): pass',
    'def f(*): pass',
    'def f(*, **k): pass',
    'def f(a, /, b, /): pass',
    'def f(**k, a): pass',
]
for text in cases:
    try:
        compile(text, "<case>", "exec")
        print(repr(text), "fine")
    except SyntaxError as e:
        print(repr(text), type(e).__name__, "|", e.msg, "|", e.lineno, e.offset)
