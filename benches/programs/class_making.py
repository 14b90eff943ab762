"""Make classes: plain, derived, with slots, a metaclass, __init_subclass__, descriptors, abstract methods; and use them.

Group: classes
Counted: 150
"""
import abc
import sys


class Registry(type):
    names = []

    def __new__(mcls, name, bases, space):
        cls = super().__new__(mcls, name, bases, space)
        mcls.names.append(name)
        del mcls.names[:-10]
        return cls


class Plugin:
    count = 0

    def __init_subclass__(cls, weight=1, **kwargs):
        super().__init_subclass__(**kwargs)
        Plugin.count += weight


class Limited:
    def __set_name__(self, owner, name):
        self.name = "_" + name

    def __get__(self, obj, owner=None):
        return self if obj is None else getattr(obj, self.name)

    def __set__(self, obj, value):
        setattr(obj, self.name, min(value, 100))


class Shape(abc.ABC):
    @abc.abstractmethod
    def area(self):
        ...


def make(i):
    class Plain:
        kind = i

        def value(self):
            return self.kind

    class Derived(Plain):
        def value(self):
            return super().value() + 1

    class Slotted:
        __slots__ = ("a", "b")

        def __init__(self):
            self.a = self.b = i

    class Listed(metaclass=Registry):
        pass

    class Extra(Plugin, weight=2):
        level = Limited()

        def __init__(self, level):
            self.level = level

    class Square(Shape):
        def area(self):
            return i * i

    made = type("Made", (Derived,), {"twice": lambda self: self.kind * 2})
    first, second = made(), Slotted()
    total = first.value() + first.twice() + second.a + Extra(i).level + Square().area()
    return total + isinstance(first, Plain) + issubclass(made, Plain) + issubclass(Extra, Plugin) + isinstance(Listed(), Slotted)


def main(n):
    total = sum(make(i) for i in range(n))
    return total + Plugin.count + len(Registry.names)


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 18_000))
