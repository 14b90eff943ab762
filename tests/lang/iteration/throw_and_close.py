# modes: auto, off
# throw, close and send on generators and on those they delegate to.
class D:
    def __init__(self, name): self.name = name
    def __del__(self): print("  -", self.name)
def show(label, f, *args):
    try: print(" ", label, f(*args))
    except BaseException as e:
        chain = []
        while e is not None:
            chain.append(f"{type(e).__name__}({e})")
            e = e.__cause__ or e.__context__
        print(" ", label, "!", " <- ".join(chain))
def plain():
    x = D("plain")
    try: yield 1; yield 2
    except ValueError as e: print("  caught", e); yield "from handler"
    finally: print("  finally")
    yield 3
def outer(inner):
    try: r = yield from inner; print("  inner returned", r); yield "after"
    except KeyError as e: print("  outer caught", e); yield "outer handler"
    finally: print("  outer finally")
class Iter:
    def __init__(self): self.n = 0
    def __iter__(self): return self
    def __next__(self): self.n += 1; return self.n
class WithThrow(Iter):
    def throw(self, *args): print("  throw", [getattr(a, "__name__", a) if not isinstance(a, Exception) else repr(a) for a in args]); return "thrown"
    def send(self, value): print("  send", value); return "sent"
    def close(self): print("  close")
class BadClose(Iter):
    def close(self): raise RuntimeError("bad close")
print("send to a new one"); g = plain(); show("send", g.send, 1); show("next", next, g); show("close", g.close); show("close again", g.close); show("next", next, g)
print("throw into a new one"); g = plain(); show("throw", g.throw, ValueError("early")); show("next", next, g)
print("throw handled"); g = plain(); show("next", next, g); show("throw", g.throw, ValueError("v")); show("next", next, g); show("next", next, g); show("throw finished", g.throw, KeyError("late"))
print("throw unhandled"); g = plain(); next(g); show("throw", g.throw, TypeError("t"))
print("throw forms")
for args in ((ValueError,), (ValueError, "text"), (ValueError, ValueError("instance")), (ValueError("i"), None), (1,), (int,), (ValueError, None, 1), (ValueError("a"), "b"), (StopIteration,), (GeneratorExit,), (StopIteration("x"),)):
    g = plain(); next(g)
    import warnings
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        show(str(args), g.throw, *args)
    g.close()
print("delegating to a generator"); g = outer(plain()); next(g); show("send", g.send, None); show("throw", g.throw, ValueError("v")); show("throw", g.throw, KeyError("k")); show("next", next, g)
print("close delegates"); g = outer(plain()); next(g); show("close", g.close)
print("delegating to an iterator"); g = outer(Iter()); next(g); show("send None", g.send, None); show("send", g.send, 5); 
g = outer(Iter()); next(g); show("throw", g.throw, KeyError("into iterator")); show("close", g.close)
print("delegating to an object with methods"); g = outer(WithThrow()); next(g); show("send", g.send, 5); show("throw", g.throw, KeyError("k")); show("throw class", g.throw, KeyError); show("close", g.close)
print("bad close"); g = outer(BadClose()); next(g); show("close", g.close)
g = outer(BadClose()); next(g); show("throw exit", g.throw, GeneratorExit)
print("ignoring exit")
def stubborn():
    try: yield 1
    except GeneratorExit: yield 2
g = stubborn(); next(g); show("close", g.close); show("next", next, g)
def returning():
    try: yield 1
    except GeneratorExit: return "closed value"
g = returning(); next(g); show("close", g.close)
g = returning(); next(g); show("throw", g.throw, GeneratorExit())
print("running"); 
def self_use(): 
    yield from ()
    show("in itself", next, g); show("send", g.send, None); show("throw", g.throw, ValueError); show("close", g.close)
    yield
g = self_use(); next(g)
print("stop iteration inside")
def stops(): yield 1; raise StopIteration("inner")
show("list", list, stops())
def stops_in_call(): yield next(iter([]))
show("next", next, stops_in_call())
print("return values")
def returns(): yield 1; return D("value")
def collect(): x = yield from returns(); print("  got", x.name)
for _ in collect(): pass
print("state kept"); g = plain(); print(" ", next(g), g.gi_frame.f_lineno - g.gi_code.co_firstlineno, g.gi_suspended, g.gi_running, g.gi_yieldfrom); del g
g = outer(Iter()); next(g); print(" ", type(g.gi_yieldfrom).__name__); del g
print("end")
