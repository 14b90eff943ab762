# One equals sign in a condition.
x = 1
if x = 1:
    print(x)
