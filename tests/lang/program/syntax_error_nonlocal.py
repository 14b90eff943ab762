# nonlocal of a name that does not exist.
def f():
    nonlocal missing
    missing = 1
