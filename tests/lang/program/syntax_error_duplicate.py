# A parameter given twice.
def f(a, b, a):
    pass
