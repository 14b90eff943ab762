# Carets for operators, subscripts and calls in one traceback.
def subscript(d):
    return d["a"]["b"]["c"]


def binary(x):
    return subscript({"a": {"b": {"c": x}}}) + 1 / (x - x) * 2


def call(f):
    return f(1)(2)(
        3)


def nested():
    return call(lambda a: lambda b: lambda c: binary(a))


nested()
