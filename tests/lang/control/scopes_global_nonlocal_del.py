# global, nonlocal and del of every kind of name, class scopes, comprehension scopes, exec with namespaces, and their messages.
import sys
g = "global"
def attempt(text, *spaces):
    try: exec(text, *spaces); print(repr(text), "fine")
    except Exception as e: print(repr(text), type(e).__name__, e)
for text in """
def f():\\n del x\\nf()
def f():\\n x = 1; del x; del x\\nf()
def f():\\n x = 1; del x; print(x)\\nf()
def f():\\n global made; made = 1\\nf(); print(made); del made; made
def f():\\n global nope; del nope\\nf()
def f():\\n global nope; nope += 1\\nf()
def f():\\n def g(): nonlocal x; del x\\n x = 1; g(); x\\nf()
def f():\\n def g(): return x\\n g(); x = 1\\nf()
def f():\\n def g(): nonlocal x; x = 2\\n x = 1; g(); print(x)\\nf()
def f():\\n for x in (): pass\\n x\\nf()
def f():\\n try: 1/0\\n except Exception as e: pass\\n e\\nf()
def f():\\n if False: x = 1\\n return x\\nf()
def f():\\n x += 1\\nf()
def f():\\n import nowhere as x\\nf()
def f():\\n with open('/nonexistent') as x: pass\\nf()
def f(x): del x; return x\\nf(1)
def f(*x): del x; return x\\nf(1)
def f():\\n [y for y in (1,)]; return y\\nf()
def f():\\n (y := 5); return y\\nprint(f())
def f():\\n [z := i for i in range(3)]; return z\\nprint(f())
def f():\\n print([x for x in [1] if (lambda: x)()], [(lambda: x)() for x in (1, 2)])\\nf()
def f():\\n class A: x = 1; y = [x for _ in (1,)]\\nf()
def f():\\n x = 'outer'\\n class A:\\n  x = 'class'; y = [x for _ in (1,)]; z = [i for i in x]\\n return A.y, A.z\\nprint(f())
def f():\\n x = 'outer'\\n class A:\\n  print(x); x = 'class'; print(x); del x; print(x)\\nf()
class A:\\n global g; g = 'changed by class'
print(g)
class A:\\n print(g); g = 1; del g; print(g); del g
def f():\\n x = 1\\n class A: nonlocal x; x = 2\\n return x\\nprint(f())
def f():\\n def h():\\n  global g; g = 'deep'\\n  def i(): return g\\n  return i()\\n g = 'local'; return h(), g\\nprint(f(), g)
def f():\\n exec('q = 1'); return q\\nf()
def f():\\n q = 0; exec('q = 1'); return q\\nprint(f())
def f():\\n q = 0; d = locals(); exec('q = 1', globals(), d); return q, d['q']\\nprint(f())
def f():\\n eval('(w := 3)'); return 'w' in locals()\\nprint(f())
def f():\\n x = 1; l = locals(); x = 2; return l, locals() is l\\nprint(f())
def f():\\n x = 1; sys._getframe().f_locals['x'] = 5; return x\\nprint(f())
def f():\\n sys._getframe().f_locals['new'] = 5; return locals()\\nprint(f())
def f():\\n x = 1; del sys._getframe().f_locals['x']\\nf()
def f(a, /, b=2, *c, d, **e): return locals()\\nprint(f(1, d=4, z=5))
def f():\\n __class__\\nf()
class A:\\n def f(self): return __class__\\nprint(A().f().__name__)
class A:\\n x = __qualname__, __module__, __firstlineno__\\nprint(A.x)
def f():\\n def g():\\n  def h(): nonlocal x; x += 1; return x\\n  return h\\n x = 10; return g()\\nh = f(); h(); print(h(), h.__closure__[0].cell_contents)
del (g), [sys]; sys
del attempt.missing
del [][0]
del {}['k']
del (1).real
del 'a'[0]
del range(3)[0]
x = [1, 2, 3]; del x[0], x[-1]; print(x)
x = list(range(9)); del x[::2], x[1:3]; print(x)
import sys; del sys.modules['nowhere']
print(__name__, __doc__, '__file__' in globals(), __debug__)
""".strip().splitlines():
    attempt(text.replace("\\n", "\n"), globals())
attempt("x = y", {"y": 1}, {}); attempt("print(sorted(k for k in dir() if k[0] != '_'))", {"a": 1}, {"b": 2}); attempt("x", {"__builtins__": {}}); attempt("len", {"__builtins__": {"len": 1}}); attempt("print", {"__builtins__": 5}); attempt("class A: pass", {"__builtins__": {}}); attempt("import sys", {"__builtins__": {}}); attempt("1", 5); attempt("1", {}, 5); attempt("global q; q = 1; print(q)", {}, {}); attempt("def f(): return v\nf()", {}, {"v": 1})
class Map(dict):
    def __missing__(self, k): return "missing " + k
class Loc:
    def __getitem__(self, k): return "got " + k
    def __setitem__(self, k, v): print("set", k, v)
    def __delitem__(self, k): print("del", k)
exec("print(anything)", Map(print=print)) if False else print(eval("anything", {}, Map())); print(eval("x", {}, Loc())); exec("y = 1; del y", {}, Loc())
class Outer:
    attribute = 1
    def method(self): return attribute
    inner = lambda: attribute
    class Inner:
        try: attribute
        except NameError as e: message = str(e)
print(Outer.Inner.message)
