# Context variables, contexts and tokens.
import contextvars
from contextvars import *
v = ContextVar("v"); d = ContextVar("d", default=5)
try: v.get()
except LookupError as e: print(type(e), e.args == (v,))
print(d.get(), v.get(3), d.get(7))
t = v.set(1); print(v.get(), t.old_value, t.var is v, t.old_value is Token.MISSING)
c = copy_context(); print(len(c), c[v], v in c, d in c, list(c) == [v], list(c.items()) == [(v, 1)], list(c.values()), c.get(d), c.get(d, 9), c == copy_context())
def f(x, *, y): v.set(x); return v.get(), y, copy_context()[v]
print(c.run(f, 10, y=2), v.get(), c[v])
for bad in (lambda: c.run(lambda: c.run(print)), lambda: c.run(), lambda: c[1], lambda: 1 in c, lambda: c[d], lambda: v.reset(3), lambda: ContextVar(), lambda: ContextVar(1), lambda: Context(1), lambda: Token(), lambda: d.reset(t), lambda: c.run(lambda: v.reset(t)), lambda: v.set()):
    try: print(bad())
    except Exception as e: print(type(e).__name__, str(e).split(" at 0x")[0])
v.reset(t); print(v.get(None))
try: v.reset(t)
except RuntimeError as e: print("used" in str(e))
with v.set(8) as tok: print(v.get(), tok)if 0 else print(v.get())
print(v.get(None), Token.MISSING, ContextVar[int], repr(ContextVar("q", default=1)).split(" at")[0])
def gen():
    v.set("gen"); yield v.get(); yield v.get()
g = gen(); print(next(g), v.get()); v.set("out"); print(next(g))
