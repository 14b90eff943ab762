# Sets and frozensets.
s = {3, 1, 2, 3}
print(len(s), sorted(s), 2 in s, 5 in s, set(), frozenset(), sorted(frozenset([2, 1])))
s.add(9); s.discard(100); s.discard(1); s.remove(2); s.update([4, 5], (6,)); print(sorted(s))
a, b = {1, 2, 3}, {2, 3, 4}
print(sorted(a | b), sorted(a & b), sorted(a - b), sorted(a ^ b), sorted(a.union([9], "x"), key=str), sorted(a.intersection(b, [2])), sorted(a.difference(b)), sorted(a.symmetric_difference(b)))
print(a < b, {2} < a, a <= a, a > {1}, a >= a, a == {3, 2, 1}, a != b, a.issubset(range(10)), a.issuperset([1]), a.isdisjoint([7]), {1} == frozenset([1]))
a |= {10}; a &= {1, 2, 10}; a -= {2}; a ^= {5, 1}; print(sorted(a))
c = a.copy(); c.clear(); print(c, sorted(a), {x % 3 for x in range(10)})
a = {1, 2, 3}
a.intersection_update([2, 3, 4]); a.difference_update([2]); a.symmetric_difference_update([8]); print(sorted(a))
print({7}.pop(), {1}, frozenset({1}), repr({1}), repr(frozenset({"a"})), {(1, 2)}, {frozenset([1])})
print(hash(frozenset([1, 2])) == hash(frozenset([2, 1])), frozenset([1]) | {2} == {1, 2}, type(frozenset() | set()).__name__, type(set() | frozenset()).__name__)
for f in (lambda: {1}.remove(2), lambda: set().pop(), lambda: {[]}, lambda: hash(set()), lambda: {1} + {2}, lambda: {1} | [2], lambda: set(5), lambda: {1}.add([]), lambda: {1} < [1], lambda: frozenset().add(1), lambda: a[0]):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
big = set(range(1000))
for i in range(0, 1000, 2):
    big.remove(i)
print(len(big), 1 in big, 2 in big, sum(big), big == set(range(1, 1000, 2)))
print({1, 1.0, True}, len({0, False, 0.0}), {"a", "a"}, {1} in [{1}], {frozenset([1]): 2}[frozenset([1])], {1} in {frozenset([1])})
print(sorted(set("hello")), len(set([1, 2]) & set()), not set(), bool({0}), max({3, 9, 1}), list(map(len, [set("aab")])))


class Tags(set):
    pass


t = Tags([1])
print(t, type(t | {2}).__name__, t == {1}, repr(Tags()), type(t.copy()).__name__)
