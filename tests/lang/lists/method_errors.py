# What list's and tuple's methods say of arguments they do not take.
cases = """
[].append()
[].append(1, 2)
[].append(x=1)
[].extend(1)
[].extend(None)
[].extend()
[].insert(1)
[].insert('a', 1)
[].insert(1.0, 1)
[].pop()
[1].pop(1)
[1].pop(-2)
[1].pop('a')
[1].pop(0, 1)
[].remove(1)
[1].index(2)
['x'].index('y')
[1].index(1, 1)
[1].index(1, 'a')
[1].index()
[1].count()
[1].count(1, 2)
[1].sort(1)
[1].sort(key=1)
[1, 'a'].sort()
[1, 2].sort(key=lambda: 0)
[1, 2].sort(reverse='x')
[1, 2].sort(reverse=None)
[1].sort(cmp=1)
[1, None, 2].sort()
[1j, 2j].sort()
[].reverse(1)
[].clear(1)
[].copy(1)
[][0]
[]['a']
[][1.0]
[][None]
[1][1:'a']
[1][::0]
[1][10 ** 30]
[1].__setitem__(1, 1)
[1].__setitem__('a', 1)
[1].__setitem__(slice(0, 1), 1)
[1, 2, 3].__setitem__(slice(0, 3, 2), [1])
[1, 2, 3].__setitem__(slice(0, 3, 2), 1)
[1].__delitem__(1)
[1].__delitem__('a')
[1].__getitem__()
[1] + (1,)
[1] + 1
[1] * 'a'
[1] * 1.0
[1] * [1]
[1] - [1]
[1] < 1
[1] < ['a']
[1] < [1, 2], [1, 2] <= [1, 2], [2] > [1, 9]
[1j] < [1j, 1]
[1j] < [2j]
-[1]
list(1)
list(1, 2)
list(x=1)
list(None)
hash([])
[].x
[].append.x
[] % 1
tuple(1)
tuple(1, 2)
(1,) + [1]
(1,) + 1
(1,) * 'a'
(1,)[1]
(1,)['a']
(1,).index(2)
(1,).index('a', 0, 5)
(1,).count()
(1, [])  < (1, 1)
(1,) < [1]
hash((1, []))
().x
(1, 2).__setitem__(0, 1)
list.append(1, 2)
list.append()
tuple.index((1,))
[1].__init__(1)
[1].__init__([1], 2)
[].__class_getitem__(1)
list[int][int]
list[int]()
tuple[()]
tuple[int, ...]
list[int] | None
sum(['a'])
sum([[1], [2]], [])
sum(['a'], '')
sum([b'a'], b'')
sum([1], bytearray())
sum(1)
sum([1], start=2)
max([])
max(1)
max()
max([], default=3)
max(1, 2, default=3)
max([1], key=1)
max(1, 'a')
min([1, 2], key=lambda v: -v)
min([], key=len)
sorted()
sorted(1)
sorted([1], 2)
sorted([1], keys=2)
enumerate()
enumerate(1)
enumerate([], 'a')
list(enumerate('ab', start=10 ** 20))
zip(1)
list(zip([1], [1, 2], strict=True))
list(zip([1, 2], [1], strict=True))
list(zip([1, 2], [1, 2], [1], strict=True))
zip(strict=1, x=1)
map()
map(len)
list(map(len, [1]))
list(map(lambda a, b: a + b, [1], [2], strict=True))
list(map(lambda a, b: a + b, [1], [2, 3], strict=True))
filter(None)
filter(None, 1)
list(filter(None, [0, 1, '']))
reversed(1)
reversed({1})
reversed()
any(1)
all(None)
iter()
iter([], None)
next([])
next(iter([]))
next(iter([]), 'd')
next()
slice()
slice(1).indices()
slice(1).indices('a')
slice(1).indices(-1)
slice(1, 2, 0).indices(5)
slice('a', 2).indices(5)
range()
range('a')
range(1.0)
range(1, 2, 0)
range(1, 2, 3, 4)
range(5)[5]
range(5)['a']
range(5).index(9)
range(5).index('a')
range(5) + range(5)
range(10 ** 30)[10 ** 29]
len(range(10 ** 30))
range(5).start = 1
""".strip().split("\n")
for case in cases:
    try:
        if " = " in case:
            exec(case)
        print(case, "->", eval(case))
    except Exception as error:
        print(case, "!!", type(error).__name__, ascii(str(error)))
