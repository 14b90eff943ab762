# Iterators consumed by themselves, generators that touch their own state, callbacks during map, zip, filter, sum.
def attempt(label, f):
    try:
        print(label, f())
    except Exception as e:
        print(label, type(e).__name__, e)


def selfish():
    yield 1
    attempt("next inside", lambda: next(g))
    attempt("close inside", lambda: g.close())
    attempt("throw inside", lambda: g.throw(KeyError))
    yield 2


g = selfish()
print(list(g))
it = iter(range(10))
print([(x, next(it, None)) for x in it])
it = iter(range(6))
print(list(zip(it, it, it)))
a = [1, 2, 3]
it = iter(a)
print(list(map(lambda x: (x, list(it)), it)))


def recursive(n):
    if n:
        yield n
        yield from recursive(n - 1)
        yield -n


print(list(recursive(4)))


class Next:
    def __init__(self):
        self.n = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.n += 1
        if self.n > 3:
            raise StopIteration
        if self.n == 2:
            return (self.n, next(self))
        return self.n


print(list(Next()), sum(len(str(x)) for x in Next()))
d = {1: 2, 3: 4}
items = iter(d.items())
first = next(items)
d[1] = "changed value is fine"
print(first, list(items))
e = enumerate(e2 := iter("abcd"))
print(next(e), next(e2), next(e), list(e))
r = reversed(a)
next(r)
a.clear()
print(list(r))
m = map(lambda x: a.append(x) or len(a), range(3))
print(list(m), a)
f = filter(lambda x: a.pop() is not None, [1, 2, 3])
print(list(f), a)


def throwing():
    try:
        yield 1
    finally:
        attempt("in finally", lambda: list(throwing_inner()))


def throwing_inner():
    yield "inner"
    raise ValueError("from inner")


t = throwing()
next(t)
t.close()
gens = [(x for x in gens) for gens in [[1, 2]]]
print([list(x) for x in gens])
later = (later_list.append(i) for i in range(3))
later_list = []
list(later)
print(later_list, max((x for x in [3, 1, 2]), key=lambda x: -x), sorted((y for y in "cab"), key=lambda c: (c, list(iter("z")))))


class Stop:
    def __getitem__(self, i):
        if i == 2:
            raise StopIteration("not IndexError")
        return i


attempt("getitem StopIteration", lambda: list(Stop()))


def generator_with_return_in_finally():
    for i in range(3):
        try:
            yield i
        finally:
            print("leaving", i)


for x in generator_with_return_in_finally():
    if x == 1:
        break
print("end")
