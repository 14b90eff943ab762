# modes: auto, off
# reason: a collection every few allocations walks structures a hundred thousand deep each time
# Containers nested 200,000 deep: operations that recurse end in RecursionError, all others work, and dropping them is silent.
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


t('reversed', lambda: nest(lambda i: list(reversed([i])), 1,10000))
t('tee', lambda: list(nest(lambda i: itertools.tee(i,1)[0], iter([1,2]))))
t('frozenset hash', lambda: hash(nest(lambda i: frozenset([i]), 1)))
t('frozenset eq', lambda: nest(lambda i: frozenset([i]), 1,100)==nest(lambda i: frozenset([i]), 1,100))
t('slice eq', lambda: (nest(lambda i: slice(i), 1))==nest(lambda i: slice(i), 1))
t('dict eq', lambda: nest(lambda i: {1:i}, 1)==nest(lambda i: {1:i}, 1))
t('values repr', lambda: repr(nest(lambda i: {1:i}.values(), 1)))
t('startswith', lambda: 'a'.startswith(nest(lambda i: (i,), 'a')))
t('sum', lambda: sum([1],nest(lambda i: (i,), 'a')))
t('bytes', lambda: bytes(nest(lambda i: [i], 'a')))
t('itemgetter', lambda: repr(nest(lambda i: operator.itemgetter(i), 'a')))
t('union', lambda: hash(functools.reduce(operator.or_, [list[i] for i in range(300)])))
t('except', lambda: nest(lambda i: (i,), str))
print("end")
