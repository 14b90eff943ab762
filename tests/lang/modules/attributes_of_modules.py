"""Attributes of modules read again and again by the same instructions, while the modules change."""
import math
import sys
import types


def root(module, x):
    return module.sqrt(x), module.pi


def value_of(module):
    return module.value


first, second = types.ModuleType("first"), types.ModuleType("second")
first.value, second.value = 1, 2
for _ in range(3):
    print(value_of(first), value_of(second), root(math, 9.0))

first.value = [3]
print(value_of(first))
first.other = 4
print(value_of(first), value_of(second))
del first.value
try:
    value_of(first)
except AttributeError as error:
    print(error)
first.__getattr__ = lambda name: f"made up {name}"
print(value_of(first), value_of(second))
first.value = 5
print(value_of(first))
vars(first)["value"] = 6
print(value_of(first))
vars(first).clear()
try:
    value_of(first)
except AttributeError as error:
    print(error)
first.value = 7
print(value_of(first))


class Special(types.ModuleType):
    @property
    def value(self):
        return "property"


second.__class__ = Special
print((lambda module: module.value)(second), value_of(first))
second.__class__ = types.ModuleType
print(value_of(second))


def doc_of(module):
    return module.__doc__, module.__class__.__name__, module.__dict__ is vars(module)


for module in (first, second, math):
    print(doc_of(module)[1:])
second.__doc__ = "words"
print(doc_of(second))


class Other:
    value = "of a class"


for thing in (first, Other, Other(), second, first):
    print(value_of(thing))

calls = types.ModuleType("calls")
calls.f = lambda *args: args


def call(module):
    return module.f(1, 2)


print(call(calls), call(calls))
calls.f = len
try:
    call(calls)
except TypeError as error:
    print(error)
calls.f = int
try:
    call(calls)
except TypeError as error:
    print(error)
print(value_of(sys.modules["__main__"]) if hasattr(sys.modules["__main__"], "value") else "none")
