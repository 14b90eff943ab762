# A failing assertion with and without a message.
def check(n):
    assert n > 0, f"n must be positive, not {n}"
    assert n < 10
    return n


check(5)
try:
    check(50)
except AssertionError as e:
    print(repr(e))
check(-1)
