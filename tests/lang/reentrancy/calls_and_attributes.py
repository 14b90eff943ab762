# Code that changes its own class, instance, function or caller while it runs.
class A:
    def f(self):
        A.f = lambda self: "replaced"
        return "original"

    def change_class(self):
        self.__class__ = B
        return self.name()

    def name(self):
        return "A"

    def drop(self):
        global a
        a = None
        return self.name()


class B(A):
    def name(self):
        return "B"


a = A()
print(a.f(), a.f(), a.change_class(), type(a).__name__)
a = A()
print(a.drop(), a)


class Grow:
    def __getattr__(self, name):
        setattr(self, name, f"made {name}")
        return getattr(self, name)

    def __setattr__(self, name, value):
        if name.startswith("x"):
            object.__setattr__(self, name + "_copy", value)
        object.__setattr__(self, name, value)


g = Grow()
print(g.one, g.__dict__, g.xy, sorted(g.__dict__))


class Vanishing:
    @property
    def p(self):
        del type(self).p
        return "once"


v = Vanishing()
print(v.p, hasattr(v, "p"))


def rewriting():
    rewriting.__code__ = other.__code__
    return "old code"


def other():
    return "new code"


print(rewriting(), rewriting())


class Iter:
    def __iter__(self):
        type(self).__next__ = lambda self: 1 if self.n() else "never"
        return self

    count = 0

    def n(self):
        Iter.count += 1
        if Iter.count > 3:
            raise StopIteration
        return True

    def __next__(self):
        return "original"


print(list(Iter()))


class Dict:
    pass


d = Dict()
d.a = 1
for name in list(vars(d)):
    vars(d)[name + "2"] = 2
print(vars(d))
try:
    for name in vars(d):
        setattr(d, name + "!", 1)
except RuntimeError as e:
    print(e)
names = globals()
try:
    for name in names:
        names["new_" + name[:3] + str(len(names))] = 1
except RuntimeError as e:
    print(e)


def default(x=[]):
    default.__defaults__ = (["new default"],)
    return x


print(default(), default())


class Meta(type):
    def __call__(cls, *args):
        cls.seen = getattr(cls, "seen", 0) + 1
        return super().__call__(*args)


class M(metaclass=Meta):
    def __init__(self):
        if M.seen < 3:
            M()


M()
print(M.seen)


class Descriptor:
    def __get__(self, obj, owner):
        owner.attr = "plain now"
        return "from descriptor"


class H:
    attr = Descriptor()


print(H().attr, H().attr, H.attr)


def deleting():
    x = 1
    f = lambda: x
    del x
    try:
        return f()
    except NameError as e:
        return str(e)


print(deleting())
exec("def made(): return made2()\ndef made2(): return 'late'")
print(made())
