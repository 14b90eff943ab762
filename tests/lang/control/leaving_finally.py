# return, break and continue inside finally replace what was under way, with a warning at compile time.
def override():
    for i in range(3):
        try:
            return "try"
        finally:
            if i == 0:
                continue
            return "finally wins"


def swallow():
    try:
        1 / 0
    finally:
        return "swallowed"


def stop():
    while True:
        try:
            raise KeyError
        finally:
            break
    return "stopped"


print(override(), swallow(), stop())
