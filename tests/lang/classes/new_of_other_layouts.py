"""`object.__new__` and its kin make nothing that their class cannot hold."""
import types

for instance in [iter([]), {}.keys(), int | str, iter({}), iter(()), (lambda: 0), [], 5, ValueError()]:
    kind = type(instance)
    try:
        object.__new__(kind)
    except TypeError as error:
        print(error)


class Names(tuple):
    pass


made = types.new_class("Made", Names([dict]))
print(type(made.__bases__).__name__, made.__bases__)

for defaults, keywords in [(1, None), (None, 3)]:
    try:
        types.FunctionType((lambda: 0).__code__, {}, "f", defaults, None, keywords)
    except TypeError as error:
        print(error)


def outer(held):
    return lambda: held


for closure in [(1,), (), None, [1], 5]:
    try:
        types.FunctionType(outer(1).__code__, {}, "f", None, closure)
    except (TypeError, ValueError) as error:
        print(type(error).__name__)
