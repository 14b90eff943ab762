# Name resolution: local, enclosing, global, builtin, class bodies, exec, del.
x = "global"


def show():
    print(x)


def local():
    x = "local"
    show()
    print(x)


def enclosing():
    x = "enclosing"

    class K:
        x = "class"
        y = x

        def m(self):
            return x

        z = [x for _ in "a"]
    return K.y, K().m(), K.z


def use_global():
    global x, fresh
    x = "changed"
    fresh = "made in function"


local()
print(enclosing())
use_global()
print(x, fresh)
x = "global"


def conditional(flag):
    if flag:
        len = "shadow"
    try:
        return len
    except UnboundLocalError as e:
        return str(e)


print(conditional(True), conditional(False))
del fresh
try:
    fresh
except NameError as e:
    print(e)


class Body:
    print(x)
    x = "in class"
    print(x)
    del x
    print(x)
    for i in range(2):
        pass
    locals()["dynamic"] = 5


print(Body.i, Body.dynamic, hasattr(Body, "x"))


def deep():
    a = 1

    def b():
        def c():
            def d():
                nonlocal a
                a += 1
                return a
            return d()
        return c()
    return b(), a


print(deep())


def three():
    v = 1
    f = lambda: v
    v = 2
    g = lambda: v
    exec("v = 3")
    return f(), g(), v


print(three())
int_ = int
int = lambda s: "my int"
print(int("5"))
del int
print(int("5"), int is int_)


def params(x, y=lambda: x):
    return x, y()


print(params("argument"))
for name in ("loop",):
    inner = [name for name in "ab"]
print(name, inner)


def g():
    class A:
        nonlocal_value = 1

        def get(self):
            return A, __class__ is A
    return A().get()[1]


print(g())
try:
    print(undefined_variable)
except NameError as e:
    print(e, e.name)
