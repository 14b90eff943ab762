# Attributes that are deleted: the order of what is left, and of what comes again.
class Plain:
    pass


x = Plain()
x.a, x.b, x.c, x.d = range(4)
del x.b, x.a
x.b = 5
print(x.__dict__, [hasattr(x, name) for name in "abcd"])
x = Plain()
x.a, x.b = 1, 2
for i in range(100):
    del x.a
    x.a = i
    del x.b
    x.b = -i
print(x.a, x.b, list(vars(x)))
x = Plain()
x.a = x
del x.a
try:
    del x.a
except AttributeError as err:
    print(err)
x.z = 1
print(vars(x))


def churn():
    objects = [Plain() for _ in range(4)]
    seed = 1
    for i in range(4000):
        seed = seed * 1103515245 + 12345 & 0x7FFFFFFF
        one, name = objects[seed >> 8 & 3], "abcdefg"[seed % 7]
        model = models[seed >> 8 & 3]
        if seed >> 16 & 1 and name in model:
            delattr(one, name)
            del model[name]
        else:
            setattr(one, name, i)
            model[name] = i
    return [list(vars(one).items()) == list(model.items()) for one, model in zip(objects, models)]


models = [{} for _ in range(4)]
print(churn())
