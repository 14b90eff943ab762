# modes: auto, off
# reason: a collection every few allocations walks structures a hundred thousand deep each time
# Chains and groups of exceptions, and clauses whose types nest, all deep.
N = 100_000


def nest(w, x, n=N):
    for _ in range(n):
        x = w(x)
    return x


def chain(attribute, n=N):
    e = None
    for i in range(n):
        x = ValueError(i)
        setattr(x, attribute, e)
        e = x
    return e


e = chain("__context__")
print("chain")
del e
e = chain("__cause__")


def raise_in_handler():
    try:
        raise e
    except ValueError:
        raise KeyError


try:
    raise_in_handler()
except KeyError as k:
    print(type(k.__context__).__name__)
del e


def nested_types():
    try:
        raise KeyError
    except nest(lambda i: (i,), str):
        pass


try:
    nested_types()
except TypeError as x:
    print(x)


def group():
    return nest(lambda i: ExceptionGroup("a", [i]), ValueError(1), 20000)


try:
    repr(nest(lambda i: ValueError(i), 1))
except RecursionError:
    print("RecursionError")
g = group()
print("group")
try:
    g.split(ValueError)
except RecursionError:
    print("RecursionError")
del g
