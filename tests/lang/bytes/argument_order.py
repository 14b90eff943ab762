# Which of several wrong arguments is complained of first.
for method in ("count", "find", "rfind", "index", "rindex", "startswith", "endswith"):
    for kind in ("b'ab'", "bytearray(b'ab')", "'ab'"):
        for arguments in ("set(), 'x'", "5.5, 1, 'x'", "300, 0", "None, None, None", "'a', 0", "b'a', 0", "(), 0", "(1,), 'x'", "[], 1.5"):
            try: print(f"{kind}.{method}({arguments})", eval(f"{kind}.{method}({arguments})"))
            except Exception as e: print(f"{kind}.{method}({arguments})", type(e).__name__, e)
for text in ("'a'.replace(1, 2)", "'a'.replace('a', 2, 'x')", "b'a'.replace('a', 2)", "'a'.split(1, 'x')", "b'a'.split(1, 'x')", "'a'.center('x', 5)", "'abc'.translate(None, 5)", "b'a'.join(5)", "b'a'.translate(5, 5)", "int('x', 'y')", "int(5, 'y')", "round('a', 'b')", "pow('a', 'b', 'c')", "divmod('a', 0)", "range('a', 1.5)", "slice(1)[0]", "[].insert('a')", "[1].index(2, 'x', 'y')", "(1,).index(2, 'x')", "[].pop('a', 'b')", "{}.pop([], 1, 2)", "{}.get([], 1)", "{1: 1}.pop([])", "getattr(1, 5, 6)", "setattr(1, 5, 6)", "isinstance(1, 2)", "sum('ab', 'c')", "max([], key=5)", "sorted(5, key=6)", "zip(5, [], strict=[])", "map(5, 6)", "filter(5, 6)", "enumerate(5, 'a')", "bytes('a', 5)", "bytes(5, 'a')", "str(5, 'a')", "open('x', 'q')", "chr('a')", "compile(5, 6, 7)", "format(1, 2)", "type('a', 1, 2)", "super(1, 2)", "memoryview('a')", "complex('a', 1)", "float([])"):
    try: print(text, "->", eval(text))
    except Exception as e: print(text, "!!", type(e).__name__, e)
