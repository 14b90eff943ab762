# Source text that nests deeply.
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


t('eval deep', lambda: eval('('*5000+')'*5000))
t('eval attr', lambda: eval('a'+'.b'*100000))
t('eval call', lambda: eval('a'+'()'*100000))
t('eval bin', lambda: eval('1'+'+1'*50000))
t('exec fstr', lambda: exec("f'{"*100+"1"+"}'"*100))
t('exec nest', lambda: exec(''.join(' '*i+'if 1:\n' for i in range(90))+' '*95+'pass'))
print("end")
