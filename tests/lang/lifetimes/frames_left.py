# A finalizer that runs while a frame drops its variables sees the caller.
import sys
class D:
    def __init__(self, n): self.n = n
    def __del__(self):
        f = sys._getframe(1)
        print(self.n, f.f_code.co_name, f.f_lineno)
def f():
    d = D("local")
    return 1
def g():
    f()
    x = D("g local")
    try:
        h()
    except ValueError:
        pass
    for i in gen(): pass
def h():
    d = D("raising")
    raise ValueError
def gen():
    d = D("gen")
    yield 1
class C:
    def m(self):
        d = D("method")
        return d
g()
C().m()
def k(a): return 0
k(D("argument"))
[0 for _ in [D("iter")]]
(lambda: D("lam") and 1)()


def back():
    class E:
        def __del__(self):
            f = sys._getframe()
            names = []
            while f:
                names.append(f.f_code.co_name)
                f = f.f_back
            print(names)

    def inner():
        e = E()
        return None

    def outer():
        o = E()
        inner()
        return 1
    outer()


back()
