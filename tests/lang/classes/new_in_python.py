"""Classes whose `__new__` is written in Python: what becomes of what it returns, and of its arguments."""
import collections, sys
E = collections.namedtuple("E", "a b")
print(E(1, 2), E(b=3, a=4), E(*(5, 6)))
try: E(1)
except TypeError as e: print(e)
try: E(1, 2, 3)
except TypeError as e: print(e)

class Base:
    def __new__(cls, *args):
        class Sub(Base):
            def __init__(self, *args):
                print("init of a subclass", args)
        return object.__new__(Sub)
print(type(Base(1, [2])).__name__)

class Other:
    def __new__(cls, x):
        return x
print(Other(5), Other("a"), Other(None), Other(NotImplemented))

class Late:
    def __new__(cls, x):
        def init(self, y): print("late", y); self.y = y
        cls.__init__ = init
        return object.__new__(cls)
print(Late(3).y)
print(Late(4).y)

class Bad:
    def __new__(cls, x):
        Bad.__init__ = lambda self, y: 5
        return object.__new__(cls)
try: Bad(1)
except TypeError as e: print(e)

class Raises:
    def __new__(cls, x):
        raise ValueError(x)
def g():
    try:
        return [1, Raises(2), 3]
    except ValueError as e:
        tb = e.__traceback__
        while tb:
            print(tb.tb_frame.f_code.co_name, tb.tb_lineno)
            tb = tb.tb_next
g()
class Deep:
    def __new__(cls):
        return cls()
try: Deep()
except RecursionError as e: print(e)

class Gen:
    def __new__(cls, n):
        yield from range(n)
print(list(Gen(3)), type(Gen(1)).__name__)

class Plain:
    pass
Plain.__new__ = lambda cls, *a: (cls.__name__, a)
print(Plain(1, 2))
del Plain.__new__
print(type(Plain()).__name__)

class D:
    def __init__(self, n): self.n = n
    def __del__(self): print("gone", self.n)
class Keeps:
    def __new__(cls, d):
        del d
        print("in new")
        return object.__new__(cls)
Keeps(D(1))
print("after")
class Shown:
    def __new__(cls):
        f = sys._getframe()
        print(f.f_code.co_qualname, f.f_back.f_code.co_name, f.f_back.f_lineno)
        return 1
def h():
    return Shown()
h()
class P(int):
    def __new__(cls, x=0, *, base=10):
        return super().__new__(cls, x, base) if isinstance(x, str) else int.__new__(cls, x)
print(P(), P(5), P("12"), P("12", base=3), [P(i) for i in range(3)])
class M(type):
    def __call__(cls, *a): return ("meta", a)
class WithMeta(metaclass=M):
    def __new__(cls, *a): return 1
print(WithMeta(3))
def wrapped(cls, *a): return a
class S:
    __new__ = staticmethod(wrapped)
print(S(1, 2))
class C:
    __new__ = classmethod(lambda *a: a)
print([x.__name__ for x in C()])
for T in tuple.__new__, E.__new__:
    for args in (), (5,), (int,), (E, 5), (E, (1, 2), 3), (E, (1, 2)), (E, [1, 2]), (E, "ab"):
        try: print(T(*args))
        except TypeError as e: print(e)


def listen(frame, event, arg):
    if frame.f_code.co_name == "__new__":
        print("traced", event)
    return listen


class Traced:
    def __new__(cls, x):
        return object.__new__(cls)


sys.settrace(listen)
Traced(1)
sys.settrace(None)


class Starts:
    def __new__(cls):
        sys.settrace(listen)
        return object.__new__(cls)


print(type(Starts()).__name__)
sys.settrace(None)
