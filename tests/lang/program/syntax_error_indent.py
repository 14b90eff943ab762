# Missing indentation.
def f():
return 1
