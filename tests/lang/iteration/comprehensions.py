# List, set, dict and generator comprehensions; scopes and nesting.
print([x * 2 for x in range(4)], [x for x in range(10) if x % 2 if x > 3], [(x, y) for x in range(2) for y in "ab"], [[y for y in range(x)] for x in range(3)])
print({x: y for x, y in zip("ab", [1, 2])}, sorted({x % 3 for x in range(10)}), list(x for x in "abc"), {k: [v] for k, v in {"a": 1}.items()})
x = "outer"
print([x for x in range(3)], x)
print([a + b for a, b in [(1, 2), (3, 4)]], [first for first, *rest in ["abc", "de"]], [x for row in [[1, 2], [3]] for x in row])
funcs = [lambda: i for i in range(3)]
print([f() for f in funcs])


def scope():
    factor = 10
    local = [factor * i for i in range(3)]
    nested = [[factor + i + j for j in range(2)] for i in range(2)]
    gen = (factor for _ in range(1))
    factor = 20
    return local, nested, list(gen)


print(scope())
print([y := 5, y + 1], y, [last := n for n in range(3)], last, any((hit := n) > 3 for n in range(10)), hit)


class K:
    items = [1, 2, 3]
    doubled = [i * 2 for i in items]
    try:
        bad = [i for i in range(2) if items]
    except NameError as e:
        bad = str(e)


print(K.doubled, K.bad)


def boom():
    yield 1
    raise ValueError("in source")


for f in (lambda: [x for x in boom()], lambda: [1 / x for x in (1, 0)], lambda: {[]: 1 for _ in "a"}, lambda: [x for x in 5], lambda: (x for x in 5)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


def calls(n):
    print("call", n)
    return range(n)


g = (a * b for a in calls(3) for b in calls(2))
print("made")
print(list(g))
print([i for i in range(3) for i in range(i)], [i if i % 2 else -i for i in range(4)], [*(i for i in "xy")], sum([i for i in range(100)]), dict([(i, i) for i in range(2)]))
matrix = [[1, 2, 3], [4, 5, 6]]
print([[row[i] for row in matrix] for i in range(3)], [sum(r) for r in matrix], [v for r in matrix if sum(r) > 6 for v in r if v % 2 == 0])
try:
    undefined_name
    [i for i in range(2)]
    i_leaked
except NameError as e:
    print(e)
def locals_inside():
    a = 1
    return sorted([n for n in locals()]), [list(locals()) for z in range(1)]
print(locals_inside())
