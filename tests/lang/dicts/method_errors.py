# What dict's and set's methods say of arguments they do not take.
cases = """
{}['a']
{}[1, 2]
{}[[]]
{[]: 1}
{{}: 1}
{1: 2}.pop()
{}.pop(1)
{}.pop('a')
{}.pop(1, 2)
{}.pop(1, 2, 3)
{}.popitem()
{}.popitem(1)
{}.get()
{}.get([])
{}.get(1, 2, 3)
{}.setdefault()
{}.setdefault([], 1)
{}.update(1)
{}.update([1])
{}.update([(1, 2, 3)])
{}.update(['ab', 'cd'])
{}.update(['abc'])
{}.update([(1, 2), 3])
{}.update(None)
{}.update({}, {})
{}.keys(1)
{}.fromkeys()
{}.fromkeys(1)
dict.fromkeys('ab', 0)
dict.fromkeys([[]])
dict(1)
dict([1])
dict([(1,)])
dict([[1, 2, 3]])
dict({}, {})
dict(a=1, **{'b': 2})
dict(**{1: 2})
dict(**1)
dict([([], 1)])
{} + {}
{} | 1
{} | {1: 2}
{} | [(1, 2)]
{} < {}
{}.keys() | 1
{1: 2}.keys() | [3]
{1: 2}.keys() - [1]
{1: 2}.keys() & {1, 2}
{1: 2}.items() & {(1, 2)}
{1: []}.items() & {(1, 2)}
{1: []}.items() | set()
{1: 2}.values() | {1}
{1: 2}.keys()[0]
{1: 2}.keys() < 1
{1: 2}.keys() < {1, 2}
{}.__getitem__()
{}.__setitem__(1)
{}.__setitem__([], 1)
{}.__delitem__(1)
{}.__contains__([])
[] in {}
hash({})
{}.x
-{}
{*1}
{**1}
{**[1]}
{**{1: 2}, 1: 3}
{1, []}
{[]}
set(1)
set(1, 2)
set([[]])
set().add()
set().add([])
set().remove(1)
set().remove('a')
set().remove({1})
set().discard([])
set().discard({1})
set().pop()
{1}.pop(1)
{1} | 1
{1} | [1]
{1} - [1]
{1} & 1
{1} ^ {1: 2}.keys()
{1}.union(1)
{1}.union([2], (3,))
{1}.union([[]])
{1}.intersection(1)
{1}.intersection([1], 2)
{1}.difference(None)
{1}.symmetric_difference()
{1}.symmetric_difference([1], [2])
{1}.issubset(1)
{1}.issuperset()
{1}.isdisjoint(1)
{1} < [1]
{1} <= {1, 2} < {1, 2, 3}
{1}.update(1)
{1}.intersection_update(1)
{1}.difference_update([[]])
{1}[0]
{1}.x
{1} + {2}
{1} in {frozenset({1})}
{1} in {1}
[] in {1}
hash({1})
hash(frozenset({1})) == hash(frozenset([1, 1]))
frozenset(1)
frozenset().add(1)
frozenset({1}) | {2}
{2} | frozenset({1})
frozenset([1]).__class_getitem__(int)
set[int]
dict[str, int]
dict[str](a=1)
""".strip().split("\n")
for case in cases:
    try:
        print(case, "->", eval(case))
    except Exception as error:
        print(case, "!!", type(error).__name__, ascii(str(error)), error.args if isinstance(error, KeyError) else "")
