# Iterator objects of every builtin: copying, length hints, pickling state, exhaustion, reversed, and after their source changed.
import copy, pickle
makers = {"list": "iter([1, 2, 3])", "list reversed": "reversed([1, 2, 3])", "tuple": "iter((1, 2, 3))", "str": "iter('abc')", "wide str": "iter('aé日')", "bytes": "iter(b'abc')", "bytearray": "iter(bytearray(b'abc'))", "range": "iter(range(3))", "range reversed": "reversed(range(3))", "dict": "iter({1: 'a', 2: 'b', 3: 'c'})", "dict values": "iter({1: 'a', 2: 'b'}.values())", "dict items": "iter({1: 'a', 2: 'b'}.items())", "dict reversed": "reversed({1: 1, 2: 2})", "set": "iter({7})", "enumerate": "enumerate('ab', 5)", "zip": "zip('ab', [1, 2])", "map": "map(str, [1, 2])", "filter": "filter(None, [0, 1, 2])", "sequence": "iter(Seq())", "callable": "iter([3, 2, 1].pop, 3)", "reversed sequence": "reversed(Seq())"}
class Seq:
    def __len__(self): return 3
    def __getitem__(self, i):
        if i >= 3: raise IndexError
        return i * 10
def attempt(f):
    try: return f()
    except Exception as e: return f"{type(e).__name__}: {str(e).split(' at 0x')[0]}"
for name, text in makers.items():
    make = lambda: eval(text)
    i = make(); print(name, i is iter(i), attempt(lambda: i.__length_hint__()), next(i), attempt(lambda: i.__length_hint__()), end=" ")
    print(attempt(lambda: list(copy.copy(i))) if name not in ("enumerate", "zip", "map", "filter", "callable", "reversed sequence", "sequence") else "", list(i), next(i, "done"), attempt(lambda: i.__length_hint__()), list(i))
    r = attempt(lambda: make().__reduce__()); print("   ", tuple(getattr(x, "__name__", x) if not isinstance(x, tuple) else tuple(y if isinstance(y, (int, str, bytes, list, tuple, range)) else type(y).__name__ for y in x) for x in r) if isinstance(r, tuple) else r)
    if name not in ("callable", "memoryview"): print("   ", attempt(lambda: list(pickle.loads(pickle.dumps(make())))))
    print("   ", attempt(lambda: make()[0]), "|", attempt(lambda: len(make())), "|", attempt(lambda: make().send(1)))
    i = make(); next(i)
    if hasattr(i, "__setstate__") and name != "reversed sequence":
        for state in (0, 1, 99, -5): print("   ", state, attempt(lambda: (i.__setstate__(state), next(i, "end"))), end="")
        print()
l = [1, 2, 3]; i = iter(l); next(i); l.clear(); print(next(i, "end")); l.extend([7, 8, 9]); print(list(i))
l = [1, 2]; i = iter(l); next(i); l.append(3); l.append(4); print(list(i)); l.append(5); print(list(i))
l = [1, 2, 3]; i = reversed(l); next(i); l.pop(); l.pop(); print(list(i))
b = bytearray(b"abc"); i = iter(b); next(i); del b[:]; print(list(i))
s = {1, 2}; i = iter(s); s.add(3); print(attempt(lambda: next(i)), attempt(lambda: next(i)))
d = {1: 1}; i = iter(d); d[2] = 2; print(attempt(lambda: next(i)), attempt(lambda: next(i)))
class Stop:
    def __iter__(self): return self
    n = 0
    def __next__(self): self.n += 1; 
    def __next__(self):
        self.n += 1
        if self.n % 3 == 0: raise StopIteration(self.n)
        return self.n
s = Stop(); print(list(s), list(s), [x for x in s], *s)
z = zip(Stop(), "abcdef"); print(list(z), list(z)); m = map(lambda a, b: a + b, Stop(), range(9)); print(list(m), list(m)); e = enumerate(Stop()); print(list(e), list(e))
def bad(): raise ValueError("bad"); yield
for f in (lambda: list(map(lambda x: 1 / x, [1, 0])), lambda: list(zip([1], bad())), lambda: list(filter(lambda x: x.y, [1])), lambda: list(enumerate(bad())), lambda: dict(zip([[]], [1])), lambda: sorted(bad()), lambda: tuple(bad()), lambda: sum(bad()), lambda: max(bad()), lambda: [*bad()], lambda: "".join(bad()), lambda: set(bad()), lambda: any(bad()), lambda: list(reversed(bad())), lambda: next(bad()), lambda: iter(5, 6), lambda: iter(len, 0)(), lambda: next(iter(lambda: 1, 1))): print(attempt(f))
