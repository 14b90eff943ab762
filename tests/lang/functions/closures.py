# Closures, free variables, late binding, nonlocal and global.
def counter():
    n = 0

    def step(k=1):
        nonlocal n
        n += k
        return n

    def peek():
        return n

    return step, peek


step, peek = counter()
step2, peek2 = counter()
print(step(), step(5), peek(), step2(), peek2(), peek())
print([f() for f in [lambda: i for i in range(3)]], [f() for f in [lambda i=i: i for i in range(3)]])
print([f(10) for f in [lambda x: x * i for i in range(3)]])


def outer():
    x = "outer"

    def middle():
        def inner():
            nonlocal x
            x = "inner"
            return x
        return inner

    before = x
    middle()()
    return before, x


print(outer())
total = 0


def add(k):
    global total
    total += k


add(5); add(6); print(total)


def unbound():
    def inner():
        return late
    try:
        inner()
    except NameError as e:
        print(type(e).__name__, e)
    late = 3
    return inner()


print(unbound())


def shadow():
    try:
        print(value)
    except UnboundLocalError as e:
        print(e)
    value = 1


value = 0
shadow()


def deleted():
    x = 1
    f = lambda: x
    del x
    try:
        f()
    except NameError as e:
        print(e)


deleted()
print(step.__closure__[0].cell_contents, step.__code__.co_freevars, counter.__code__.co_cellvars, counter.__closure__)


def compose(*fs):
    def run(x):
        for f in reversed(fs):
            x = f(x)
        return x
    return run


print(compose(lambda x: x + 1, lambda x: x * 2, abs)(-5))


def make_adders():
    adders = []
    for i in range(3):
        def adder(x, j=i):
            return x + j, x + i
        adders.append(adder)
    return adders


print([a(10) for a in make_adders()])


class K:
    x = 1
    y = [x for x in range(2)]

    def get(self):
        return __class__.__name__


print(K.y, K().get())


def parameter(a):
    def change():
        nonlocal a
        a *= 2
        return a
    return change


c = parameter(3)
print(c(), c())
