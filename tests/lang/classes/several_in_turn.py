# One place in a program that sees several classes in turn: attributes, methods, static and class methods, stores.
class Plain:
    kind = 'plain'

    def __init__(self, n):
        self.n = n

    def method(self):
        return 'Plain.method', self.n

    @staticmethod
    def static(n=0):
        return 'Plain.static', n

    @classmethod
    def of_class(cls, n=0):
        return cls.__name__, n


class Slotted:
    __slots__ = ('n',)
    kind = 'slotted'

    def __init__(self, n):
        self.n = n

    def method(self):
        return 'Slotted.method', self.n

    @staticmethod
    def static(n=0):
        return 'Slotted.static', n

    @classmethod
    def of_class(cls, n=0):
        return cls.__name__, n


class Derived(Plain):
    def method(self):
        return 'Derived', super().method()


class Computed:
    kind = 'computed'

    def __init__(self, n):
        self.secret = n

    @property
    def n(self):
        return -self.secret

    @n.setter
    def n(self, n):
        self.secret = n

    def __getattr__(self, name):
        if name == 'missing':
            raise AttributeError(name)
        return lambda *args, **names: (name, args, names)


class Tuple(tuple):
    n = property(len)
    kind = 'tuple'
    method = tuple.count

    @staticmethod
    def static(n=0):
        return 'Tuple.static', n


def see(thing):
    thing.n = thing.n + 1
    return thing.n, thing.kind


def call(thing):
    return thing.static(1), thing.static(n=2), thing.of_class(), thing.of_class(3)


things = [Plain(1), Slotted(2), Derived(3), Computed(4), Plain(5)]
for _ in range(20):
    seen = [see(thing) for thing in things]
print(seen)
for _ in range(20):
    called = [call(thing) for thing in things]
print(called)
for _ in range(20):
    called = [thing.method() for thing in (*things[:3], things[4])]
print(called)

# What an instance has of its own comes before a static method, wherever that was seen before.
things[4].static = lambda n=0: ('own', n)
things[0].of_class = lambda n=0: ('own', n)
for _ in range(3):
    print([call(thing)[::2] for thing in things])
del things[4].static, things[0].of_class
print(call(things[4]), call(things[0])[2])

# Changing the classes in between.
for change in (
    lambda: setattr(Plain, 'static', lambda self, n=0: ('a method now', n)),
    lambda: setattr(Plain, 'static', classmethod(lambda cls, n=0: (cls.__name__, 'a class method now', n))),
    lambda: setattr(Derived, 'static', staticmethod(print)),
    lambda: delattr(Derived, 'static'),
    lambda: setattr(Slotted, 'static', 'nothing to call'),
    lambda: setattr(Plain, 'n', property(lambda self: 'shadowed', lambda self, n: None)),
    lambda: delattr(Plain, 'n'),
    lambda: setattr(Computed, 'kind', 'changed'),
):
    change()
    for thing in things[:4]:
        try:
            print(see(thing), thing.static(7))
        except (TypeError, AttributeError) as error:
            print(type(error).__name__, error)

# A subclass of a builtin class, which has no such place for attributes, between others.
for _ in range(3):
    print([(thing.n, thing.kind, thing.static(4)) for thing in (Tuple((1, 2)), Plain(3), Tuple((4,)))])
print([thing.method(1) for thing in (Tuple((1, 2, 1)), Tuple())])


# Instances of one class that get their attributes in different orders, beside another class.
class Late:
    pass


def fill(thing, first):
    if first:
        thing.a = 1
        thing.b = 2
    else:
        thing.b = 3
        thing.a = 4
    thing.c = thing.a + thing.b
    return thing.a, thing.b, thing.c, list(vars(thing))


for n in range(6):
    print(fill(Late(), n % 2), fill(Plain(0), n % 3))

# Static methods end when the class lets them go.
class Noted:
    def __init__(self, text):
        self.text = text

    def __call__(self, *args):
        return self.text, args

    def __del__(self):
        print('gone', self.text)


class Holder:
    pass


Holder.static = staticmethod(Noted('first'))
for thing in (Holder(), Tuple(), Holder(), Tuple()):
    print(thing.static(1))
Holder.static = staticmethod(Noted('second'))
print([thing.static(1) for thing in (Holder(), Tuple())])
del Holder.static
print([getattr(thing, 'static', None) is None for thing in (Holder(), Tuple())])
