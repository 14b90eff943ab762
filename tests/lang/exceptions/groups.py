# Exception groups and except*.
def run(label, make):
    print(label)
    try:
        try:
            raise make()
        except* ValueError as g:
            print("  values", g.exceptions, repr(g))
        except* (KeyError, IndexError) as g:
            print("  lookups", [repr(e) for e in g.exceptions])
        else:
            print("  else")
        finally:
            print("  finally")
    except BaseException as e:
        print("  escaped", repr(e), getattr(e, "exceptions", None))


run("values only", lambda: ExceptionGroup("g", [ValueError(1), ValueError(2)]))
run("mixed", lambda: ExceptionGroup("g", [ValueError(1), KeyError("k"), TypeError("t")]))
run("naked", lambda: ValueError("naked"))
run("naked other", lambda: TypeError("naked"))
run("nested", lambda: ExceptionGroup("outer", [ExceptionGroup("inner", [ValueError(1), TypeError(2)]), IndexError(3)]))
try:
    try:
        pass
    except* ValueError:
        print("no")
    else:
        print("else runs")
finally:
    print("done")
g = ExceptionGroup("msg", [ValueError(1), ExceptionGroup("in", [KeyError(2), ValueError(3)])])
print(g.message, g.exceptions, str(g), g)
match_, rest = g.split(ValueError)
print(repr(match_), repr(rest))
print(repr(g.subgroup(KeyError)), g.subgroup(TypeError), repr(g.subgroup(lambda e: bool(e.args) and e.args[0] == 3)))
print(repr(g.derive([TypeError()])))
try:
    try:
        raise ExceptionGroup("g", [ValueError(1)])
    except* ValueError:
        raise KeyError("from handler")
except KeyError as e:
    print(repr(e), repr(e.__context__))
try:
    try:
        raise ExceptionGroup("g", [ValueError(1), IndexError(2)])
    except* ValueError:
        raise KeyError("from handler")
except ExceptionGroup as e:
    print(repr(e), [repr(x.__context__) for x in e.exceptions])
try:
    try:
        raise ExceptionGroup("g", [ValueError(1), TypeError(2)])
    except* ValueError as e:
        raise
except ExceptionGroup as e:
    print(repr(e))
for f in (lambda: ExceptionGroup("x", []), lambda: ExceptionGroup("x", [1]), lambda: ExceptionGroup(5, [ValueError()]), lambda: ExceptionGroup("x", [KeyboardInterrupt()]), lambda: ExceptionGroup("x")):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)
print(type(BaseExceptionGroup("b", [ValueError()])).__name__, type(BaseExceptionGroup("b", [KeyboardInterrupt()])).__name__)
try:
    try:
        raise ExceptionGroup("g", [ValueError(1)])
    except* ExceptionGroup:
        pass
except TypeError as e:
    print(e)


def loop():
    for i in range(2):
        try:
            raise ValueError(i)
        except* ValueError as e:
            print("round", i, e.exceptions)


loop()
