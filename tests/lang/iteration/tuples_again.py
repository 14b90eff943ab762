# Iterators that give the same tuple again when nobody else has it.
import itertools

rows = [t for t in itertools.product("ab", range(2))]
print(rows, list(itertools.combinations("abc", 2)), list(itertools.permutations("abc", 2)))
it = itertools.product([1, 2], [3])
first = next(it)
print(first, next(it), first)
seen = set()
for pair in itertools.combinations_with_replacement((1, 2), 2):
    seen.add(pair)
    print(hash(pair) == hash(tuple(list(pair))))
print(sorted(seen))
