# A SyntaxError's arguments are message and place; what the compiler knows beside stands in _metadata.
for source in ["x = = 2", "'''abc", "(", "  x", "if 1:\nx\n", "1 = 2", "pritn hello", "0777", "f(**a, *b)"]:
    try:
        compile(source, "f", "exec")
    except SyntaxError as error:
        print(type(error).__name__, error.args, error._metadata)
