# contextvars: nesting, copies, generators and threads, tokens, errors, and the mapping protocol.
import contextvars, threading
from contextvars import ContextVar, Context, Token, copy_context
v, w = ContextVar("v"), ContextVar("w", default="dw")
def attempt(text):
    try: print(text, "->", eval(text))
    except Exception as e: print(text, "!!", type(e).__name__, str(e).split(" at 0x")[0])
for text in ("v.get()", "v.get('d')", "w.get()", "w.get('d')", "v.name", "ContextVar()", "ContextVar(1)", "ContextVar('a', default=1).get()", "ContextVar[int]", "v.get(1, 2)", "v.set()", "v.reset(1)", "Token()", "Token.MISSING", "Context().run()", "Context().run(1)", "Context({})", "len(Context())", "v < w", "v in copy_context()", "1 in Context()", "Context()[v]", "Context()[1]", "Context().get(v, 'no')", "Context().get(1)", "type('S', (ContextVar,), {})", "type('S', (Context,), {})", "type('S', (Token,), {})"): attempt(text)
t1 = v.set(1); t2 = v.set(2)
print(v.get(), t1.old_value is Token.MISSING, t2.old_value, t1.var is v, "used" in repr(t1))
v.reset(t2); print(v.get(), "used" in repr(t2))
attempt("v.reset(t2)"); attempt("w.reset(t1)")
c = copy_context(); v.set(3)
print(c[v], v.get(), list(c) == [v], dict(c.items()) == {v: 1}, list(c.values()), len(c), c == c.copy(), c == copy_context())
attempt("copy_context().run(v.reset, t1)")
def change(x): v.set(x); w.set("changed"); return v.get(), w.get()
print(c.run(change, 10), v.get(), w.get(), c[v], c[w])
def nested(): return c.run(lambda: 1)
try: c.run(nested)
except RuntimeError as e: print(str(e).split(":")[0])
def fails(): v.set("failed"); raise KeyError("x")
try: c.run(fails)
except KeyError as e: print(e, c[v], v.get())
with v.set("with") as token: print(v.get(), type(token).__name__)
print(v.get())
try:
    with v.set("again"): raise ValueError
except ValueError: print(v.get())
def gen():
    for i in range(3): v.set(("gen", i)); yield v.get()
g = gen(); print(next(g), v.get()); v.set("between"); print(next(g), v.get())
print(copy_context().run(next, g), v.get())
seen = []
def thread(): seen.append((v.get("unset"), w.get())); v.set("thread")
for make in (lambda: threading.Thread(target=thread), lambda: threading.Thread(target=thread, context=copy_context()), lambda: threading.Thread(target=thread, context=Context())):
    t = make(); t.start(); t.join()
print(seen, v.get())
class D:
    def __init__(self, n): self.n = n
    def __del__(self): print("  -", self.n)
def hold():
    x = ContextVar("x"); x.set(D("first")); print("  set"); x.set(D("second")); print("  replaced")
    t = x.set(D("third")); print("  kept by token"); x.reset(t); print("  reset"); del t; print("  token gone")
Context().run(hold); print("context gone")
k = Context(); k.run(lambda: v.set(D("in context"))); k = None; print("dropped")
