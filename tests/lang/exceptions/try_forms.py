# try/except/else/finally in every combination, with every way of leaving.
def run(kind):
    log = []
    try:
        log.append("try")
        if kind == "value":
            raise ValueError("v")
        if kind == "key":
            raise KeyError("k")
        if kind == "return":
            return log
    except ValueError as e:
        log.append(f"except {e}")
    except (KeyError, IndexError):
        log.append("lookup")
    else:
        log.append("else")
    finally:
        log.append("finally")
    log.append("after")
    return log


for kind in ("none", "value", "key", "return"):
    print(kind, run(kind))


def nested():
    try:
        try:
            raise KeyError("inner")
        finally:
            print("inner finally")
    except KeyError as e:
        print("outer got", e)
        try:
            raise ValueError("second")
        except ValueError as e2:
            print("context", repr(e2.__context__))
    else:
        print("not here")


nested()
try:
    try:
        raise TypeError("a")
    except ValueError:
        print("wrong")
    finally:
        print("passing through")
except TypeError as e:
    print("caught", e)
try:
    e
except NameError as error:
    print(error)


def generator():
    try:
        yield 1
        yield 2
    except GeneratorExit:
        print("closing")
        raise
    finally:
        print("cleanup")


for x in generator():
    print(x)
    break


def loop():
    for i in range(3):
        try:
            if i == 1:
                raise ValueError
            print("i", i)
        except ValueError:
            print("skip")
            continue
        else:
            print("ok")
        finally:
            print("f", i)


loop()


def reraise():
    try:
        [][1]
    except IndexError:
        try:
            {}["x"]
        except KeyError:
            pass
        raise


try:
    reraise()
except IndexError as e:
    print(e, e.__context__)
for f in (lambda: exec("raise"), lambda: exec("raise 5"), lambda: exec("raise int"), lambda: exec("raise ValueError from 5"), lambda: exec("try:\n 1/0\nexcept 5: pass")):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)
