# modes: auto, off
# reason: a collection every few allocations walks structures a hundred thousand deep each time
# Methods, aliases and static methods wrapped in each other.
import functools
import itertools
import operator
import types

N = 200_000


def nest(w, x, n=N):
    for _ in range(n):
        x = w(x)
    return x


def t(name, f):
    try:
        f()
        r = "ok"
    except RecursionError:
        r = "RecursionError"
    except Exception as e:
        r = type(e).__name__ + ": " + str(e)[:80]
    print(name, r)


t('alias repr', lambda: repr(nest(lambda i: list[i], int)))
t('alias eq', lambda: nest(lambda i: list[i], int)==nest(lambda i: list[i], int))
t('method self repr', lambda: repr(nest(lambda i: types.MethodType(len,i), len)))
t('staticmethod', lambda: (nest(lambda i: staticmethod(i), len))([]))
t('staticmethod attr', lambda: (nest(lambda i: staticmethod(i), len)).__name__)
t('classmethod', lambda: (nest(lambda i: classmethod(i), len)).__get__(1))
print("end")
