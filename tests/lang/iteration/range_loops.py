# Loops right behind a call of `range`: bounds of every kind, what the call raises, a `range` that is another function the next time.
import sys

big = 1 << 62

def ends(*args):
    seen = []
    if len(args) == 1:
        for i in range(args[0]):
            seen.append(i)
            if len(seen) == 4: break
        else:
            seen.append("else")
        seen.append([i for i in range(args[0]) if len(seen) < 9][:3] if abs(int(args[0])) < 100 else None)
    elif len(args) == 2:
        for i in range(args[0], args[1]):
            seen.append(i)
            if len(seen) == 4: break
        else:
            seen.append("else")
    else:
        for i in range(args[0], args[1], args[2]):
            seen.append(i)
            if len(seen) == 4: break
        else:
            seen.append("else")
    return seen

class Index:
    def __init__(self, n): self.n = n
    def __index__(self): return self.n
    def __int__(self): return self.n

class Number(int):
    pass

for args in [(3,), (0,), (-2,), (True,), (Number(2),), (Index(2),), (big,), (1, 4), (4, 1), (-big, big), (big, big + 2), (big * 2, big * 2 + 2),
             (0, 10, 3), (10, 0, -3), (0, 10, -1), (big - 1, big + 5, 2), (-big, big, big), (big, -big, -big * 2), (False, 3, True)]:
    print(*args if not isinstance(args[0], Index) else "I", ends(*args))
for args in [("a",), (1.5,), (None, 2), (1, 2, 0), (1, 2, "x")]:
    try: ends(*args)
    except (TypeError, ValueError) as error: print(type(error).__name__, error)

def shadowed(range, n):
    for i in range(n): print("shadow", i)
shadowed(lambda n: "ab"[:n], 2)
shadowed(range, 2)

def replaced():
    global range
    out = []
    for turn in (1, 2, 3):
        for i in range(2): out.append((turn, i))
        out.append([i for i in range(2)])
        if turn == 1:
            def range(n): return "xyz"[:n]
        elif turn == 2:
            del range
    return out
print(replaced())

def nested(n):
    total = [(i, j, k) for i in range(n) for j in range(i) if j % 2 == 0 for k in range(j, n)]
    cells = [lambda: (i, j) for i in range(2) for j in range(i, 2)]
    return total, [cell() for cell in cells], {i: {j for j in range(i)} for i in range(3)}
print(nested(4))

def reassigned():
    out = []
    for i in range(3):
        i *= 10
        out.append(i)
    for out_of in range(2): pass
    n = 3
    for i in range(n):
        n = 0
        out.append(i)
    return out, out_of, i
print(reassigned())

def generator(n):
    for i in range(n):
        got = yield i
        if got: print("got", got)
    return [i for i in range(n)]
g = generator(3)
print(next(g), g.send("x"), next(g), list(g))

def lines(n):
    seen = []
    def tracer(frame, event, arg):
        if frame.f_code.co_name == "traced":
            seen.append((event, frame.f_lineno - frame.f_code.co_firstlineno))
        return tracer
    def traced():
        for i in range(n):
            pass
        x = [i for i in range(n)]
        y = [i for i in
             range(n)]
        return x, y
    sys.settrace(tracer)
    traced()
    sys.settrace(None)
    return seen
print(lines(2))
traced_later = []
def switch():
    for i in range(3):
        if i == 1: sys.settrace(lambda frame, event, arg: traced_later.append(frame.f_code.co_name))
        def inner():
            for j in range(2): pass
        inner()
    sys.settrace(None)
switch()
print(traced_later)

import ast
for source in ("[i for i in range(3)]", "[i\n for i in\n range(3)]", "{i: j for i in range(2) for j in range(i)}", "{i\n for i in range(2)}"):
    of_text, of_tree = compile(source, "f", "eval"), compile(ast.parse(source, "f", "eval"), "f", "eval")
    print(of_text.co_code == of_tree.co_code, list(of_text.co_positions()) == list(of_tree.co_positions()), eval(of_tree))
