# Decorators: any expression, order, arguments, classes, stacking on methods, properties and nested functions; errors.
def log(name):
    print("evaluated", name)
    def decorate(f): print("applied", name, getattr(f, "__name__", f)); return f
    return decorate
@log("a")
@log("b")
def f(x=print("default")): "doc"
@(lambda g: g)
def g(): return 1
@[log("in list")][0]
def h(): pass
@log("yes") if True else log("no")
def i(): pass
@(d := log("walrus"))
class C:
    @log("method")
    def m(self): return "m"
    @staticmethod
    @log("static")
    def s(): return "s"
    @classmethod
    @log("class method")
    def c(cls): return cls.__name__
    @property
    @log("getter")
    def p(self): return "p"
    @p.setter
    @log("setter")
    def p(self, v): print("set", v)
    @log("async")
    async def a(self): pass
    @log("inner class")
    class Inner: pass
C().p = 5; print(C().p, C.s(), C.c(), C().m())
for text in ("@5\ndef f(): pass", "@None\nclass A: pass", "@missing\ndef f(): pass", "@len\ndef f(): pass", "@lambda: 1\ndef f(): pass", "@int\nclass A: pass", "@property\ndef f(self): pass\nprint(type(f).__name__)", "@staticmethod\ndef f(): return 5\nprint(f())", "@classmethod\ndef f(c): pass\nf()", "@str\ndef f(): pass\nprint(f[:12])", "@type\ndef f(): pass\nprint(f.__name__)", "@print\n@repr\n@type\ndef f(): pass\nprint(f)", "@(yield)\ndef f(): pass", "@x := len\ndef f(): pass", "@\ndef f(): pass", "@a\nx = 1", "@a, b\ndef f(): pass", "@log('x').missing\ndef f(): pass"):
    try: exec(text); print(repr(text), "fine")
    except Exception as e: print(repr(text), type(e).__name__, e)
