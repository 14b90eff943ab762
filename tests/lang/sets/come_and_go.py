# Small sets whose elements come and go, so that their tables fill up with deleted slots: membership, order and size, against a list.
def run(seed, steps, spread, kind):
    own, known, digest = set(), [], 0
    for step in range(steps):
        seed = (seed * 1103515245 + 12345) % 2147483648
        key = kind(seed // 65536 % spread)
        choice = seed // 7 % 5
        if choice < 2:
            own.add(key)
            if key not in known: known.append(key)
        elif choice == 2:
            own.discard(key)
            if key in known: known.remove(key)
        elif choice == 3 and key in own:
            own.remove(key)
            known.remove(key)
        assert (key in own) == (key in known) and len(own) == len(known), (step, key)
        if step % 50 == 0:
            for each in range(spread): assert (kind(each) in own) == (kind(each) in known)
            assert sorted(own) == sorted(known)
            copy = own.copy() if step % 100 else own | {kind(spread)}
            if kind is not str:
                digest = (digest * 31 + sum(i * hash(each) for i, each in enumerate(copy)) + sum(i * hash(each) for i, each in enumerate(own))) % 1000003
            if step % 500 == 0 and own:
                gone = own.pop()
                known.remove(gone)
                if kind is not str: digest += hash(gone)
    return digest, len(own)

class Same(int):
    def __hash__(self): return int(self) % 3
    def __eq__(self, other): return int(self) == int(other)

for seed in range(4):
    for spread in (3, 8, 20, 40, 200):
        print(seed, spread, run(seed, 3000, spread, int), run(seed, 1000, spread, lambda n: n * 32), run(seed, 1000, spread, lambda n: -n / 2)[1])
    print(run(seed, 1000, 12, Same), run(seed, 1000, 15, str)[1])
numbers = set(range(20))
for n in range(19): numbers.remove(n)
print(numbers, [n for n in range(25) if n in numbers])
for n in range(30, 60):
    numbers.add(n)
    numbers.remove(n)
print(numbers, numbers.__sizeof__() > 0)
numbers.clear()
print(5 in numbers, numbers)
