# Tabs count as eight columns and as one; where the two disagree about what lies deeper, the source is refused.
sources = [
    "if 1:\n\tif 2:\n        x\n",
    "def f():\n\tif 2:\n\t\tx\n",
    "def f():\n\tx\n        y\n",
    "def f():\n    a\n\tif 2:\n        x=3\n",
    "def f():\n    if 1:\n        b\n\tc\n",
    "def f():\n    if 1:\n        b\n \tc\n",
    "def f():\n    # c\n\tif x:\n        r\n",
    "def f():\n        if 1:\n\tc\n",
    "def f():\n    x = [\n\t1,\n  2]\n    return x\n",
    "def f(a):\n\tx = 1\n\n \t \n\treturn x\n",
]
for number, source in enumerate(sources):
    try:
        compile(source, "f.py", "exec")
    except SyntaxError as error:
        print(number, type(error).__name__, error.msg, error.lineno, error.offset, error.end_lineno, error.end_offset)
    else:
        print(number, "compiles")

# After the star of a display only operators bind.
for source in ["[*a is b]", "[*(a).b is None, 1]", "(*a or b,)", "{*(a) if b else c}", "f(*(a) is b)", "[*(a is b)]", "[*(a) | b]", "x[*(a) < b]"]:
    try:
        compile(source, "f.py", "exec")
    except SyntaxError as error:
        print(source, error.msg, error.offset, error.end_offset)
    else:
        print(source, "compiles")
