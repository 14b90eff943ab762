# An uncaught exception group with nested groups and notes.
def make():
    try:
        raise ValueError("inner value")
    except ValueError as e:
        e.add_note("a note\nof two lines")
        return e


raise ExceptionGroup("several failed", [make(), TypeError("plain"), ExceptionGroup("nested", [KeyError("k"), make()])])
