# Functions whose globals are an instance of a subclass of dict look names up the way it does.
class Found(dict):
    def __missing__(self, name):
        if name.startswith("_"):
            raise KeyError(name)
        return f"<{name}>"


def plain():
    return one, len


def hidden():
    return _two


class Scope:
    within = 1
    def annotated(self): ...
    if False:
        x: deep[other]


names = Found({"__builtins__": __builtins__})
for function in plain, hidden:
    for namespace in names, names, {"one": 1, "_two": 2, "__builtins__": __builtins__}, names:
        try:
            print(type(function)(function.__code__, namespace)())
        except NameError as e:
            print("NameError", e)
names["print"] = print
exec("global z\nz = missing\nprint(z, y)", names)
print("z" in names, eval("[z, w]", names))


class Own(dict):
    def __getitem__(self, name):
        return "own " + name


print(type(plain)(plain.__code__, Own(one=1))())
