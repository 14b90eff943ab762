# Which clause is chosen, and what is evaluated.
def classes(x):
    print("evaluating", x.__name__)
    return x


def test(error):
    try:
        raise error
    except classes(KeyError):
        print("KeyError clause")
    except (classes(ValueError), classes(TypeError)) as e:
        print("tuple clause", repr(e))
    except ():
        print("never")
    except LookupError:
        print("LookupError clause")
    except:
        print("bare clause")


for error in (KeyError, ValueError("v"), TypeError, IndexError, ZeroDivisionError(), KeyboardInterrupt, StopIteration):
    test(error)


class Meta(type):
    def __subclasscheck__(cls, sub):
        print("never asked")
        return True


class Fake(Exception, metaclass=Meta):
    pass


try:
    try:
        raise ValueError
    except Fake:
        print("no")
except ValueError:
    print("by real inheritance only")
for clause in (5, "x", (ValueError, 5), [KeyError], int):
    try:
        try:
            raise KeyError("k")
        except clause:
            print("matched")
    except TypeError as e:
        print(e)
    except KeyError:
        print("not matched", clause)
try:
    raise KeyError
except ((IndexError, (KeyError,)), ValueError) if False else (IndexError, KeyError):
    print("matched tuple")


def f():
    e = "outer"
    try:
        raise ValueError
    except ValueError as e:
        pass
    try:
        return e
    except UnboundLocalError as error:
        return str(error)


print(f())
try:
    for x in range(3):
        if x == 1:
            raise StopIteration
except StopIteration:
    print("stopped", x)
try:
    [i for i in (1, 0) if 1 / i]
except ArithmeticError as e:
    print(type(e).__name__)
try:
    try:
        raise ValueError("a")
    except ValueError as e:
        raise TypeError("b") from e
except (ValueError, TypeError) as e:
    print(repr(e), repr(e.__cause__))
