# What operations say when special methods return the wrong thing or are missing.
def make(name, result=None, **more):
    return type("T", (), {name: (result if callable(result) else lambda self, *a, **k: result), **more})()
cases = """
len(T('__len__', -1))
len(T('__len__', 1.5))
len(T('__len__', 10**20))
len(T('__len__', True))
bool(T('__len__', 'x'))
bool(T('__bool__', 1))
bool(T('__bool__', None))
hash(T('__hash__', 'x'))
hash(T('__hash__', 2**70)) == hash(2**70)
hash(T('__hash__', True))
str(T('__str__', 1))
repr(T('__repr__', 1))
repr(T('__repr__', None))
ascii(T('__repr__', 'é'))
format(T('__format__', 1))
f"{T('__format__', 1)}"
bytes(T('__bytes__', 'x'))
int(T('__int__', 1.5))
int(T('__int__', True))
int(T('__index__', 3))
int(T('__trunc__', 3))
float(T('__float__', 1))
float(T('__index__', 3))
complex(T('__complex__', 1))
complex(T('__float__', 1.5))
complex(T('__index__', 2))
[1, 2][T('__index__', 'x')]
[1, 2][T('__index__', 1)]
[1, 2][T('__index__', 1):]
range(T('__index__', 3))
range(T('__index__', 3.0))
'ab' * T('__index__', 2)
bin(T('__index__', 5))
iter(T('__iter__', 1))
iter(T('__iter__', iter('ab')))
list(T('__getitem__', lambda self, i: 'ab'[i]))
reversed(T('__reversed__', 5))
reversed(T('__len__', 2))
list(reversed(T('__len__', 2, __getitem__=lambda self, i: i)))
next(T('__next__', 5))
next(T('__iter__', 5))
1 in T('__contains__', [])
1 in T('__contains__', 'x')
1 in T('__iter__', iter([1]))
1 in T('__len__', 1)
T('__call__', 5)()
T('__len__', 5)()
T('__eq__', 'x') == 1
T('__eq__', NotImplemented) == 1
T('__lt__', NotImplemented) < 1
T('__lt__', None) < T('__lt__', None)
T('__gt__', 'reflected') > 1
1 < T('__gt__', 'reflected')
T('__add__', NotImplemented) + 1
1 + T('__radd__', 'r')
T('__iadd__', NotImplemented).__iadd__(1)
-T('__neg__', 'neg')
-T('__pos__', 'pos')
~T('__len__', 1)
abs(T('__abs__', 'abs'))
abs(T('__len__', 1))
round(T('__round__', lambda self, n='none': n))
round(T('__round__', lambda self, n='none': n), None)
round(T('__len__', 1))
divmod(T('__divmod__', 'd'), 1)
divmod(1, T('__rdivmod__', 'r'))
pow(T('__pow__', lambda self, *a: a), 2, 3)
pow(2, T('__rpow__', lambda self, *a: a))
pow(2, T('__rpow__', lambda self, *a: a), 5)
T('__matmul__', 'm') @ 1
T('__len__', 1) @ 1
T('__getattr__', 'made').anything
T('__getattribute__', 'always').x
dir(T('__dir__', 5))
dir(T('__dir__', ['b', 'a', 'c']))
dir(T('__dir__', [1, 'a']))
vars(T('__len__', 1))
vars(1)
isinstance(1, T('__instancecheck__', True))
issubclass(int, T('__len__', 1))
isinstance(1, (int, 5))
isinstance('x', (int, 5))
isinstance(1, (int, (str, (5,))))
issubclass(1, int)
issubclass(int, int | str)
isinstance(1, list[int])
T('__len__', 1)[0]
T('__getitem__', 'got')[1, ...]
T('__getitem__', 'got')[1:2]
T('__len__', 1).x
del_item(T('__len__', 1))
set_item(T('__len__', 1))
enter(T('__enter__', 1))
enter(T('__exit__', 1))
enter(T('__enter__', 1, __exit__=lambda *a: None))
[*T('__iter__', 5)]
{**T('keys', ['a'])}
{**T('keys', ['a'], __getitem__=lambda s, k: k * 2)}
dict(T('keys', 5))
{**T('keys', 5)}
print_file(T('write', lambda self, s: None))
print_file(T('len', 1))
sorted([T('__lt__', 'x'), T('__lt__', '')]) is not None
max(T('__len__', 1), 1)
sum([T('__radd__', 'total')])
open(T('__fspath__', 5))
chr(T('__index__', 65))
T('__set_name__', 1) is None
type('Q', (), {'a': T('__set_name__', lambda s, *a: 1 / 0)})
T('__length_hint__', -1) and list(T('__iter__', iter([1]), __length_hint__=lambda s: -1))
list(T('__iter__', lambda s: T('__next__', lambda s: 1 / 0)))
T('__class_getitem__', 1)[0]
type(T('__class_getitem__', lambda c, k: k))['item']
""".strip().splitlines()
def T(name, result=None, **more): return make(name, result, **more)
def del_item(x): del x[0]
def set_item(x): x[0] = 1
def enter(x):
    with x: return "inside"
def print_file(x): print("text", file=x)
import warnings
for case in cases:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try: result = eval(case); print(case, "->", "iterator" if "iterator" in str(type(result)) else result)
        except Exception as e: print(case, "!!", type(e).__name__, e, getattr(e, "__notes__", ""))
        for w in caught: print("   warning:", w.category.__name__, w.message)
