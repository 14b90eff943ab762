# Unpacking: counts, kinds of sources, starred targets, nesting, errors from iterators, and what is bound when it fails.
class Seq:
    def __init__(self, n): self.n = n
    def __getitem__(self, i):
        if i >= self.n: raise IndexError
        print("get", i, end=" ")
        return i
class Endless:
    def __iter__(self): return self
    n = 0
    def __next__(self): self.n += 1; return self.n
class Fails:
    def __iter__(self): yield 1; raise KeyError("in iteration")
class BadIter:
    def __iter__(self): return 1
class NoIter:
    __iter__ = None
class Raises:
    def __iter__(self): raise ValueError("in __iter__")
def gen(n):
    try: yield from range(n)
    finally: print("closed", end=" ")
targets = ["a, b", "a,", "[a, b, c]", "*a,", "a, *b", "*a, b", "a, *b, c", "(a, b), c", "a, (b, *c)", "[]", "()", "*a, (b, c)"]
sources = ["()", "(1,)", "(1, 2)", "[1, 2, 3]", "'xyz'", "''", "{1: 'x', 2: 'y'}", "{5}", "range(4)", "gen(2)", "gen(3)", "Seq(2)", "Seq(3)", "[(1, 2), 3]", "[1, (2, 3)]", "['ab', 'cd']", "b'ab'", "1", "None", "1.5", "len", "Fails()", "BadIter()", "NoIter()", "Raises()", "Endless()", "zip([1], [2])", "{'a': 1}.items()", "memoryview(b'ab')", "iter([1, 2])", "NotImplemented", "object"]
for source in sources:
    for target in targets:
        if source == "Endless()" and "*" in target: continue
        space = {**globals(), "a": "-", "b": "-", "c": "-"}
        try: exec(f"{target} = {source}", space); result = "ok"
        except Exception as e: result = f"{type(e).__name__}: {e}"
        print(f"{target} = {source}:", result, [space[n] if not isinstance(space[n], Endless) else "" for n in "abc"])
class T:
    def __setattr__(self, n, v): print("attr", n, v, end="; ")
    def __setitem__(self, k, v): print("item", k, v, end="; ")
    def __getitem__(self, k): print("get", k, end="; "); return self
t = T()
t.x, t[0], (t.y, *t[1:2]), *t.z = 1, 2, [3, 4, 5], 6, 7; print()
i, t[i] = 1, 2; print()
for i, t[i] in [(0, "a"), (1, "b")]: pass
print()
for a, *b in [(1,), (1, 2), "xyz"]: print(a, b)
print([(a, b) for a, (b, *_) in [(1, (2, 3)), (4, "x")]], {k: v for k, v in ["ab", "cd"]})
try: [0 for a, b in [(1, 2), (3,)]]
except ValueError as e: print(e)
with __import__("contextlib").nullcontext((1, 2, 3)) as (a, *b): print(a, b)
a = b = [1, 2]; a, b = b, a; print(a is b)
x = [1, 2, 3]; i = 0; i, x[i] = 1, 9; print(i, x)
(a, b), c = [c, a] = [[1, 2], 3]; print(a, b, c)
print([*range(3), *"ab"], (*[1], 2), {*[1, 2], *[2, 3]}, {**{"a": 1}, "b": 2, **{"a": 3}}, [*[]], (*(),))
for bad in ("[*1]", "(*None,)", "{*5}", "{**5}", "{**{1: 2}, **None}", "[*Fails()]", "{*[[]]}", "print(*5)", "f'{*[1],}'"):
    try: print(bad, eval(bad))
    except Exception as e: print(bad, type(e).__name__, e)
def ret(): return *[1], 2
def yld(): yield *[1], 2; x = yield; print(x)
print(ret(), next(yld()))
print(x[*[0], ] if False else {(1, 2): "tuple"}[*[1, 2]])
