# An uncaught error prints a traceback with carets and exits with 1.
def divide(a, b):
    return a / b


def outer(x):
    value = divide(x, x - x) + 1
    return value


print("before")
outer(5)
print("never")
