# modes: auto, off
# reason: a collection every few allocations walks structures a hundred thousand deep each time
# Mapping proxies of mapping proxies.
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


t('mappingproxy repr', lambda: repr(nest(lambda i: types.MappingProxyType(i), {1:2})))
t('mappingproxy get', lambda: (nest(lambda i: types.MappingProxyType(i), {1:2})).get(1))
t('mappingproxy copy', lambda: (nest(lambda i: types.MappingProxyType(i), {1:2})).copy())
t('mappingproxy eq', lambda: (nest(lambda i: types.MappingProxyType(i), {1:2}))=={})
t('mappingproxy keys', lambda: (nest(lambda i: types.MappingProxyType(i), {1:2})).keys())
print("end")
