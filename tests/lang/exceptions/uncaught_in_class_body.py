# Errors in class bodies, decorators, defaults and comprehensions.
def decorate(f):
    raise TypeError("from decorator")


try:
    @decorate
    def g():
        pass
except TypeError as e:
    print(e)


class Broken:
    values = [1, 2]

    def method(self, x=[1 / n for n in (1, 2)]):
        return x

    bad = [10 // n for n in (2, 1, 0)]
