# A chain of causes and contexts printed for an uncaught error.
def first():
    return {}["key"]


def second():
    try:
        first()
    except KeyError as e:
        raise ValueError("second failed") from e


def third():
    try:
        second()
    except ValueError:
        [1, 2][5]


third()
