# An expression over several lines.
def add(a, b):
    return (
        a
        + b
    )


value = add(
    1,
    "two",
)
