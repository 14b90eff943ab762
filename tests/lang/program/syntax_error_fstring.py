# A broken f-string.
name = "x"
print(f"{name!q}")
