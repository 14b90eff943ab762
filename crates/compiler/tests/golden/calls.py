def calls(f, obj, args, kwargs):
    f()
    f(1, x, key=2)
    obj.method(args)
    obj.field.method(*args, **kwargs)
    del obj.field, args[0], args[1:2]
    args[0] = args[f] = args[1:f]
    obj.field += 1
    args[f] |= 2
    a, b = b, a
    return lambda x, *, y=f: (x, y)
