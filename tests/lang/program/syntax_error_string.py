# A string that never ends.
text = "never closed
print(text)
