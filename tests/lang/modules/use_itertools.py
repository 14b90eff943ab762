# The iterators of itertools.
import itertools as it

take = lambda n, i: list(it.islice(i, n))
print(take(3, it.count(5)), take(3, it.count(1, 0.5)), take(5, it.cycle("ab")), list(it.repeat("x", 3)), take(2, it.repeat(1)))
print(list(it.accumulate([1, 2, 3, 4])), list(it.accumulate([1, 2, 3], lambda a, b: a * b, initial=10)), list(it.chain("ab", [1], ())), list(it.chain.from_iterable(["ab", "c"])))
print(list(it.compress("abcd", [1, 0, 1, 0])), list(it.dropwhile(lambda x: x < 3, [1, 3, 2])), list(it.takewhile(lambda x: x < 3, [1, 2, 3, 1])), list(it.filterfalse(lambda x: x % 2, range(5))))
print([(k, list(g)) for k, g in it.groupby("aabbca")], [(k, len(list(g))) for k, g in it.groupby([1, 3, 2, 4, 5], key=lambda x: x % 2)])
print(list(it.islice("abcdef", 2, None, 2)), list(it.islice("abc", 2)), list(it.islice(range(10), 1, 8, 3)), list(it.pairwise("abcd")), list(it.starmap(pow, [(2, 3), (3, 2)])), list(it.zip_longest("ab", "c", fillvalue="-")), list(it.batched("abcde", 2)))
a, b = it.tee([1, 2, 3])
print(next(a), list(b), list(a))
print(list(it.product("ab", [1, 2])), list(it.product([0, 1], repeat=2)), list(it.permutations([1, 2, 3], 2)), list(it.combinations("abcd", 2)), list(it.combinations_with_replacement("ab", 2)))
print(len(list(it.permutations(range(5)))), list(it.combinations([1], 2)), list(it.product()), list(it.permutations([])))
for f in (lambda: it.islice([], -1), lambda: it.count("a"), lambda: list(it.chain(5)), lambda: it.repeat(), lambda: it.combinations([1], -1), lambda: list(it.batched("a", 0)), lambda: it.islice([])):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
print(repr(it.count(3)), repr(it.repeat(1, 2)), it.count(1).__next__(), [next(c) for c in [it.cycle([7])]])
g = it.groupby("aab")
k, first = next(g)
next(g)
print(list(first))
