def handlers(f):
    try:
        return f()
    except (ValueError, TypeError) as error:
        print(error)
    except KeyError:
        raise
    else:
        print("fine")
    finally:
        print("done")


def groups(f):
    try:
        f()
    except* OSError as group:
        print(group)


def leave(items):
    for item in items:
        try:
            continue
        finally:
            item.close()
    assert items, "none"
