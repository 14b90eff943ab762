# Set operations over every pair of kinds: results, result types, in-place forms, and refusals.
class S(set): pass
class F(frozenset): pass
values = [set(), {1}, {1, 2}, frozenset(), frozenset({2}), S({1, 3}), F({3}), [1, 2], (1,), "12", {1: 2}, {1: 2}.keys(), {1: 2}.items(), {1: 2}.values(), range(2), 5, None, iter([1])]
show = lambda r: (type(r).__name__, sorted(r, key=repr)) if isinstance(r, (set, frozenset)) else r
for op in ("|", "&", "-", "^", "<", "<=", ">", ">=", "==", "!="):
    for a in values[:7] + values[11:13]:
        row = []
        for b in values:
            try: row.append(show(eval(f"a {op} b")))
            except Exception as e: row.append(type(e).__name__)
        print(op, show(a) if not isinstance(a, type({}.keys())) else "keys", row)
for name in ("union", "intersection", "difference", "symmetric_difference", "issubset", "issuperset", "isdisjoint", "update", "intersection_update", "difference_update", "symmetric_difference_update"):
    for a in ({1, 2}, frozenset({1, 2}), S({1, 2}), F({1})):
        row = []
        for b in values[:15] + [5, None]:
            try:
                c = type(a)(a); r = getattr(c, name)(b)
                row.append(show(c if r is None else r))
            except Exception as e: row.append(f"{type(e).__name__}: {e}")
        print(name, type(a).__name__, row)
for op in ("|=", "&=", "-=", "^="):
    for a in ({1, 2}, frozenset({1, 2}), S({1, 2})):
        for b in ({2, 3}, frozenset({2}), {2: 3}.keys(), [2]):
            c = keep = type(a)(a)
            try: exec(f"c {op} b"); print(op, show(c), c is keep, end="; ")
            except TypeError as e: print(op, e, end="; ")
print()
s = {1, 2, 3}
for text in ("s.add(1)", "s.add([])", "s.remove(9)", "s.discard(9)", "s.discard([])", "s.pop() in (1, 2, 3)", "s.clear()", "s.pop()", "s.copy() is s", "frozenset(s) is s", "(lambda f: frozenset(f) is f)(frozenset([1]))", "(lambda f: f.copy() is f)(frozenset([1]))", "hash(frozenset({1, 2})) == hash(frozenset({2, 1}))", "{frozenset({1}): 2}[frozenset([1])]", "{1} in {frozenset({1})}", "set.union()", "set.union({1}, [2], 'a') == {1, 2, 'a'}", "set().union(*[[1], [2]])", "{1}.intersection()", "frozenset().union([1])", "repr(set())", "repr(frozenset())", "repr(S())", "repr(F([1]))", "str({None})", "set('hello') == {*'helo'}", "len({1, 1.0, True, 1+0j})", "(lambda n: {n} == {n})(float('nan'))", "set([1, 2]).__reduce__()", "bool(set()), bool({0})", "S([1]) == {1} == F([1])", "sorted({3, 1, 2}, reverse=True)", "max({1, 5, 2})", "{*range(3)} <= {*range(5)}", "set.__init__({1}, [2])", "type(S([1]) | {2}), type({2} | S([1])), type(F() | {1})"):
    try: print(text, "->", eval(text))
    except Exception as e: print(text, "!!", type(e).__name__, e)
def changing(change):
    s = {1, 2, 3}
    try:
        for x in s: change(s)
        return "no error"
    except RuntimeError as e: return str(e)
print(changing(lambda s: s.add(len(s) + 10)), changing(lambda s: s.discard(1)), changing(lambda s: s.clear()), changing(lambda s: s.update(s)))
