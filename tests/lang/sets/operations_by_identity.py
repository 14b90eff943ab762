# Set operators agree with their definitions, on ints, tuples and mixed kinds; in-place forms keep identity.
universe = [0, 1, 2, 3, (1, 2), "s", None, 2.5, frozenset([1])]
subsets = [set(universe[i:j]) for i in range(0, 9, 2) for j in range(i, 10, 3)]
wrong = 0
for a in subsets:
    for b in subsets:
        ok = (
            a | b == {x for x in universe if x in a or x in b}
            and a & b == {x for x in universe if x in a and x in b}
            and a - b == {x for x in universe if x in a and x not in b}
            and a ^ b == (a | b) - (a & b)
            and (a <= b) == all(x in b for x in a)
            and (a < b) == (a <= b and a != b)
            and a.isdisjoint(b) == (not a & b)
            and len(a | b) == len(a) + len(b) - len(a & b)
            and frozenset(a) == a
            and hash(frozenset(a)) == hash(frozenset(list(a)[::-1]))
        )
        wrong += not ok
print(len(subsets), wrong)
a = {1, 2, 3}
alias = a
a |= {4}
a &= {2, 3, 4}
a -= {3}
a ^= {9}
print(alias is a, sorted(a))
f = frozenset([1])
g = f
f |= {2}
print(f is g, sorted(f), sorted(g))
s = set(range(100))
for x in range(100):
    if x % 3:
        s.discard(x)
print(sorted(s), len(s))
s.update(range(1000, 1100), "ab", [None])
print(len(s), None in s, "a" in s)
a = {1, 2}
a.update(a)
a -= a
print(a, {1, 2} - {1} == {2}, set("abc") > set("a"), {1}.union(), {1}.intersection(), frozenset().union([1], (2,), {3: 4}) == {1, 2, 3})
