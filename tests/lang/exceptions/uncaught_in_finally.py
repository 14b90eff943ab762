# Errors in except and finally blocks: "During handling".
def risky():
    try:
        int("not a number")
    finally:
        None.method()


try:
    risky()
except AttributeError as e:
    raise RuntimeError("cleanup failed") from None
finally:
    print("out")
    print(undefined_in_finally)
