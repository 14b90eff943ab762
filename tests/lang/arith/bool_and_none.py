# Booleans are integers; None is nothing.
nothing = None
print(True + 1, True * "ab", [False, True][True], sum([True] * 3), True == 1, False == 0.0, int(True), float(True), str(True), repr(False), True & 1, True & True, True | False, True ^ True, -True, not True, bool("False"), bool(""), bool([]), bool([0]), bool(0.0), bool(None), bool(...))
print(isinstance(True, int), type(True).__name__, True.bit_length(), True.real, hash(True), {True: "x"}[1], True < 2, True // 2, True / 2, 5 % True, True ** 5, 2 ** True, True << 3, f"{True:d} {True}")
for f in (lambda: None + 1, lambda: None < None, lambda: nothing(), lambda: None.x, lambda: nothing[0], lambda: len(None), lambda: iter(None), lambda: -None, lambda: bool(1, 2), lambda: True.x, lambda: setattr(None, "x", 1), lambda: type(None)(1)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
print(None == None, None != 0, None is None, type(None)(), repr(None), hash(None) == hash(None), {None: 1}[None], bool(None), [None] * 2, None or "x", None and "x")
print(... is Ellipsis, type(...).__name__, repr(NotImplemented), bool(...), NotImplemented is NotImplemented)
try:
    bool(NotImplemented)
except TypeError as e:
    print(e)
print((lambda: ...)(), all([]), any([None]), bool(print) , not None)
