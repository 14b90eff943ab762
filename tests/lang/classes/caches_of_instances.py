# Attributes that instructions remember: of instances with a dict, of classes with __getattr__, through super(), of class objects;
# and keys with a __hash__ written in Python. Everything may change after it was remembered.


class Plain:
    kind = "class"

    def name(self):
        return f"name of {self.kind}"


def kind(o):
    return o.kind


def call(o):
    return o.name()


def put(o, value):
    o.kind = value


p = Plain()
p.__dict__["x"] = 1
for _ in range(3):
    print(kind(p), call(p))
p.__dict__["kind"] = "dict"
print(kind(p), call(p))
for n in range(3):
    put(p, n)
    print(kind(p), p.__dict__)
del p.__dict__["x"]
print(kind(p))
p.__dict__["name"] = lambda: "function in the dict"
print(call(p), call(p))
del p.__dict__["name"]
print(call(p), call(p))
Plain.name = lambda self: "changed"
print(call(p))
Plain.kind = property(lambda self: "property")
print(kind(p))
try:
    put(p, 1)
except AttributeError as error:
    print(error)
del Plain.kind
print(kind(p))
p.__dict__ = {"kind": "another dict", "y": 1}
print(kind(p), kind(p))
put(p, "put")
print(p.__dict__)
p.__dict__.clear()
try:
    kind(p)
except AttributeError as error:
    print(error)


class Key(str):
    pass


q = Plain()
q.__dict__[Key("kind")] = "under a subclass of str"
print(kind(q), kind(q))
put(q, "replaced")
print(kind(q), list(q.__dict__))


class Later:
    def __get__(self, instance, owner):
        return "got"


class Holder:
    later = Later()


h = Holder()
h.__dict__["later"] = "in the dict"


def later(h):
    return h.later


print(later(h), later(h))
Later.__set__ = lambda self, instance, value: None
print(later(h), later(h))
del Later.__set__
print(later(h))


# ---- __getattr__

class Hooked:
    shared = 1

    def __init__(self):
        self.own = 2

    def __getattr__(self, name):
        if name.startswith("no"):
            raise AttributeError("hook refuses " + name)
        return "hook: " + name

    @property
    def failing(self):
        raise AttributeError("from the property")

    def method(self):
        return "method"


def get(o):
    return o.missing


def all_of(o):
    return o.shared, o.own, o.failing, o.method(), o.__class__


o = Hooked()
for _ in range(3):
    print(get(o), all_of(o))
try:
    o.nothing
except AttributeError as error:
    print(error, error.__context__)
o.missing = "there now"
print(get(o), get(o))
del o.missing
print(get(o), get(o))
Hooked.missing = "on the class"
print(get(o))
del Hooked.missing
Hooked.__getattr__ = lambda self, name: "another hook"
print(get(o), get(o))
del Hooked.__getattr__
try:
    get(o)
except AttributeError as error:
    print(error)
Hooked.__getattribute__ = lambda self, name: "everything"
print(get(o), o.own)


# ---- super()

class A:
    def f(self):
        return "A.f"

    @classmethod
    def c(cls):
        return "A.c of " + cls.__name__

    @staticmethod
    def s():
        return "A.s"

    @property
    def p(self):
        return "A.p"

    value = "A.value"

    def __new__(cls, *args):
        return super().__new__(cls)


class Between(A):
    pass


class B(Between):
    def f(self):
        return "B>" + super().f()

    @classmethod
    def c(cls):
        return "B>" + super().c()

    @staticmethod
    def s():
        return "B>" + super(B, B).s()

    @property
    def p(self):
        return "B>" + super().p

    def value_above(self):
        return super().value

    def __new__(cls, *args):
        return super().__new__(cls, *args)


class C(B):
    pass


def use(o):
    return o.f(), o.c(), o.s(), o.p, o.value_above()


for _ in range(3):
    print(use(B()), use(C()))
Between.f = lambda self: "Between.f"
Between.value = property(lambda self: "property of Between")
print(use(B()), use(C()))
del Between.f
Between.s = classmethod(lambda cls: "Between.s of " + cls.__name__)
Between.c = lambda: "no class method"
print(use(B()))
del Between.c, Between.value
A.value = A.f
print(use(B())[4]())
C.__bases__ = (Between,)
try:
    B.f(C())
except TypeError as error:
    print(error)


class Meta(type):
    def __call__(cls, *args):
        made = super().__call__(*args)
        made.called = True
        return made

    def title(cls):
        return "title of " + cls.__name__

    @property
    def shown(cls):
        return "shown " + cls.__name__


class Made(metaclass=Meta):
    def __init__(self, *args):
        self.args = args


def class_use(cls):
    return cls.__name__, cls.__qualname__, cls.title(), cls.shown, cls.__class__


for _ in range(3):
    print(Made(1, 2).args, Made().called, class_use(Made))
Made.__name__ = "Renamed"
print(class_use(Made))
Meta.shown = property(lambda cls: "other")
print(class_use(Made))


class Member:
    pass


Made.member = Member()


def member(cls):
    return type(cls.member).__name__


print(member(Made), member(Made))
Member.__get__ = lambda self, instance, owner: 5
print(member(Made), member(Made))


# ---- __hash__ in Python

class H:
    def __init__(self, value):
        self.value = value

    def __hash__(self):
        if self.value is None:
            raise TypeError("no value")
        if self.value == "index":
            raise IndexError("index")
        return self.value

    def __eq__(self, other):
        return isinstance(other, H) and self.value == other.value

    def __repr__(self):
        return f"H({self.value!r})"


d = {}
for n in range(4):
    d[H(n % 2)] = n
print(d, d[H(1)], H(0) in d, H(5) in d, H(5) not in d)
s = {H(1), H(2)}
f = frozenset(s)
print(H(1) in s, H(3) in s, H(2) in f, H(3) not in f, "yes" if H(1) in s else "no")
for bad in (None, "index", "text", 2.5):
    for act in (lambda: d[H(bad)], lambda: d.__setitem__(H(bad), 1), lambda: H(bad) in d, lambda: H(bad) in s, lambda: exec("d[H(bad)] = 1", globals())):
        try:
            act()
        except Exception as error:
            print(type(error).__name__, error)
try:
    d[H(77)]
except KeyError as error:
    print(repr(error))
d[H(-1)] = "minus one"
d[H(1 << 70)] = "large"
d[H(-1 << 62)] = "negative"
print(d[H(-1)], d[H(1 << 70)], d[H(-1 << 62)], H(True) in d)


class Counting(H):
    __hash__ = None


try:
    print(d[Counting(1)])
except TypeError as error:
    print(error)
