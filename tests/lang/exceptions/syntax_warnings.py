# Warnings of the compiler go to standard error and do not stop the program.
x = 5
print(x is 5 or True)
assert (x, "always true")
print("\d" + "ok")
print("done")
