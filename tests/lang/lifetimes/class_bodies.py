# What a class body, a decorator, a metaclass and a class's attributes hold, and when they let it go.
import gc
gc.disable()
class D:
    def __init__(self, name): self.name = name
    def __del__(self): print("-", self.name)
    def __call__(self, thing): print("decorate", self.name); return thing
def body():
    class C:
        x = D("x")
        y = [x]
        del x
        print("in body", y[0].name)
        y = None
        print("y rebound")
        z = D("z")
    print("made")
    C.z = 1
    print("replaced")
    C.w = D("w")
    del C.w
    print("deleted")
    return C
C = body()
del C
print("class name gone (a cycle)", gc.collect() > 0)
class E:
    held = D("held by class")
del E
gc.collect()
print("collected")
@D("one")
@D("two")
def f(a=D("default"), *, k=D("keyword default"), **more: D("annotation never made")): pass
print("decorated")
del f
print("function gone")
@D("three")
class G(metaclass=type): pass
print("class decorated")
class Meta(type):
    def __new__(mcls, name, bases, namespace, extra=None):
        print("extra", extra.name)
        return super().__new__(mcls, name, bases, namespace)
    def __init__(cls, name, bases, namespace, extra=None): print("init", extra.name)
class H(metaclass=Meta, extra=D("keyword")): pass
print("made H")
def failing():
    try:
        class Broken:
            x = D("in failing body")
            1 / 0
    except ZeroDivisionError: print("failed")
    print("after failing")
failing()
class Base:
    def __init_subclass__(cls, tag): print("subclass", tag.name)
class Sub(Base, tag=D("tag")): pass
print("made Sub")
class Namer:
    def __set_name__(self, owner, name): print("set name", name)
    def __del__(self): print("namer dies")
class I: n = Namer()
print("I made")
I.n = None
def closures():
    x = D("cell")
    class K:
        def get(self): return x
    print("K", K().get().name)
    del K
    gc.collect()
    print("K collected")
    del x
    print("x deleted")
closures()
def type_call():
    T = type("T", (), {"a": D("in dict")})
    T.a = 2
    print("type() kept its own dict")
type_call()
gc.collect()
print("end")
