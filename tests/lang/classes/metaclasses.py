# Metaclasses: __new__, __init__, __call__, __prepare__, conflicts.
class Meta(type):
    def __prepare__(name, bases, **kwargs):
        print("prepare", name, [b.__name__ for b in bases], kwargs)
        return {"injected": "by prepare"}

    def __new__(mcls, name, bases, ns, **kwargs):
        print("new", name, sorted(k for k in ns if not k.startswith("__")), kwargs)
        return super().__new__(mcls, name, bases, ns)

    def __init__(cls, name, bases, ns, **kwargs):
        print("init", name)
        super().__init__(name, bases, ns)

    def __call__(cls, *args, **kwargs):
        print("call", cls.__name__, args, kwargs)
        return super().__call__(*args, **kwargs)

    def __getattr__(cls, name):
        return f"meta attribute {name}"

    def __len__(cls):
        return 99

    def __iter__(cls):
        return iter("meta")

    def __contains__(cls, x):
        return x == "in meta"

    def __repr__(cls):
        return f"<class {cls.__name__}>"


class A(metaclass=Meta, option=1):
    def __init__(self, x):
        self.x = x


class B(A):
    pass


b = B(5)
print(b.x, type(B).__name__, B.injected, B.unknown, len(B), list(B), "in meta" in B, B, isinstance(B, Meta))
try:
    b.unknown
except AttributeError as e:
    print(e)


class Other(type):
    pass


class C(metaclass=Other):
    pass


try:
    class D(A, C):
        pass
except TypeError as e:
    print(e)


class Singleton(type):
    instances = {}

    def __call__(cls, *args):
        if cls not in cls.instances:
            cls.instances[cls] = super().__call__(*args)
        return cls.instances[cls]


class S(metaclass=Singleton):
    pass


print(S() is S())


def function_meta(name, bases, ns):
    return name, bases, sorted(k for k in ns if k[0] != "_")


class F(metaclass=function_meta):
    x = 1
    y = 2


print(F)


class Ordered(type):
    def __lt__(cls, other):
        return cls.__name__ < other.__name__

    def __instancecheck__(cls, obj):
        return obj == "instance"

    def __subclasscheck__(cls, sub):
        return sub is int


class Z(metaclass=Ordered): pass
class Y(metaclass=Ordered): pass


print([k.__name__ for k in sorted([Z, Y])], isinstance("instance", Z), isinstance(5, Z), issubclass(int, Z), issubclass(str, Z), isinstance(Z(), Z))
for f in (lambda: type("X", (), {}, bad=1), lambda: type("X"), lambda: type("X", 5, {}), lambda: type(5, (), {}), lambda: type("X", (), 5), lambda: type()):
    try:
        print(f())
    except TypeError as e:
        print(e)
