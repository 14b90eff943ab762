# Assigning to a literal.
def f():
    pass
f() = 5
