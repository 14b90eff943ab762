# Default values, closures, bound methods, partials: what holds an object and when it lets go.
import functools
class D:
    def __init__(self, name): self.name = name
    def __del__(self): print("  -", self.name)
    def method(self, other=None): return 1
def case(f):
    print(f.__name__)
    f()
    print("  end")
@case
def default_replaced():
    def f(x=D("default")): pass
    f.__defaults__ = (1,)
    print("  replaced")
    f.__kwdefaults__ = {"k": D("kw")}
    f.__kwdefaults__ = None
    print("  kw replaced")
@case
def bound_method():
    m = D("self").method
    print("  bound"); m(); del m
    print("  unbound")
@case
def cell_shared():
    x = D("first")
    def get(): return x
    def put(value):
        nonlocal x
        x = value
    put(D("second")); print("  put")
    print("  got", get().name)
    put(None); print("  emptied")
@case
def cell_deleted():
    x = D("celled")
    f = lambda: x
    del x
    try: f()
    except NameError as e: print("  ", e)
@case
def function_attribute():
    def f(): pass
    f.x = D("attribute")
    f.__dict__.clear(); print("  cleared")
    f.y = D("other"); f.__dict__ = {}
    print("  dict replaced")
    f.__annotations__ = {"a": D("note")}; f.__annotations__ = {}
    print("  annotations replaced")
    f.__doc__ = D("doc"); f.__doc__ = None
    print("  doc replaced")
@case
def partial():
    p = functools.partial(print, D("arg"), end="")
    q = functools.partial(p, D("more")); del p
    print("  outer kept"); del q
    print("  partial gone")
@case
def loop_lambdas():
    fs = [lambda i=D(f"i{n}"): i for n in range(3)]
    fs.pop(1); print("  popped")
    fs.clear(); print("  cleared")
@case
def late_binding():
    fs = []
    for x in map(D, "abc"):
        fs.append(lambda: x.name)
    print("  ", [f() for f in fs])
    del x, fs
    print("  deleted")
@case
def arguments_dropped():
    def f(a, b): a = None; print("  in f"); b = None; print("  end f")
    f(D("a"), D("b"))
    def g(*args, **kwargs): args = None; print("  args gone"); kwargs.clear(); print("  kwargs gone")
    g(D("1"), D("2"), k=D("3"))
    f(*[D("s1"), D("s2")])
@case
def comprehension_cell():
    fs = [(lambda: y) for y in [D("y1"), D("y2")]]
    print("  made", fs[0]().name)
    del fs[:]
@case
def generator_argument():
    def g(x): yield x.name
    i = g(D("to generator"))
    print("  made"); print("  ", next(i)); print("  ", next(i, None))
    print("  exhausted")
@case
def recursion():
    def f(n, d):
        if n: f(n - 1, D("level %d" % n))
        print("  leaving", n)
    f(2, D("top"))
@case
def lru_cache():
    @functools.lru_cache(maxsize=2)
    def f(x): return D("result of %d" % x)
    f(1); f(2); f(1); f(3); print("  three asked")
    f.cache_clear(); print("  cleared")
@case
def property_and_static():
    class P:
        x = property(lambda self: D("from property"))
        @staticmethod
        def s(): return D("static")
        @classmethod
        def c(cls): return D("class")
        def __getattr__(self, name): return D("attr " + name)
    P().x.name; P.s().name; P.c(); P().zzz.name
    print("  used")
