# Positional after keyword argument.
print(sep=",", "text")
