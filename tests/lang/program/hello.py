# The first program.
print("hello, world")
print("several", 1, 2.5, None, True, [1], sep=", ", end="!\n")
print()
print("no newline", end="")
print("", "x", "", sep="|")
