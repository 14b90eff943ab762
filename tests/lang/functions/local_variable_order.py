# The order of local variables, as locals() and code objects show it: that in which they are first stored or loaded.
def show(f, *args):
    print(f.__code__.co_varnames, f.__code__.co_cellvars, f.__code__.co_freevars, f(*args))
def f(p, q=1, *r, s, **t): return list(locals())
print(f(1, s=2), f.__code__.co_varnames)
def walrus(): a = (b := 1); return locals()
def chain(): a = b = (c := 1); return locals()
def unpack(): (a, *b), c = (d := [1, 2]), 3; return locals()
def item(): x = {}; x[(k := 1)] = (v := 2); return locals()
def attribute(): (o := show).z = (v := 2); del o.z; return list(locals())
def augmented(): a = 1; a += (b := 2); return locals()
def loop():
    for i in (seq := [1]): j = i
    else: k = 1
    return locals()
def with_(): 
    import contextlib
    with contextlib.nullcontext((v := 1)) as w: x = w
    return list(locals())
def try_():
    try: a = b
    except NameError as e: c = 1
    finally: d = 2
    return locals()
    b = 1
def match_(x):
    match x:
        case [a, *rest] if (g := a): return locals()
def cells(p):
    a = (b := 1)
    def inner(): return p, b
    c = 2
    return list(locals()), inner.__code__.co_freevars
def lam(): f = lambda x: (y := x); return f.__code__.co_varnames
def imports(): import os.path as z, sys as y; from math import pi as x, e as w; return list(locals())
def nested():
    def a(): pass
    class b: pass
    c = 1
    return list(locals())
def unused(): 
    if False: x = 1
    y = 2
    del y
    return locals()
for g in (walrus, chain, unpack, item, attribute, augmented, loop, with_, try_, lam, imports, nested, unused): show(g)
show(match_, [1, 2]); show(cells, 5)
