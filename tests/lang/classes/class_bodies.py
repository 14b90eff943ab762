# Class bodies run like code: loops, conditionals, nested classes, name mangling, private names.
class K:
    print("in body", __qualname__, __module__)
    table = {}
    for i in range(3):
        table[i] = i * i
    if table[2] == 4:
        flag = "set"
    else:
        other = "unset"
    del i

    def _private(self):
        return "private"

    def __mangled(self):
        return "mangled"

    def call(self):
        return self.__mangled()

    __value = 5

    class Inner:
        where = "inner"

        def outer_name(self):
            return __class__.__qualname__
    try:
        undefined
    except NameError:
        handled = True
    with_lambda = lambda self: self.flag
    x = y = 1
    x += 1
    (a, b), *c = (1, 2), 3, 4


k = K()
print(k.table, k.flag, hasattr(K, "other"), hasattr(K, "i"), k.call(), K._K__value, k._K__mangled(), K.Inner().outer_name(), K.handled, k.with_lambda(), K.x, K.y, K.a, K.c)


class _Under:
    __x = 1

    def get(self):
        return self.__x, [n for n in dir(self) if n.endswith("__x")]


print(_Under().get())


def factory(n):
    class Made:
        number = n

        def get(self):
            return n, self.number
    return Made


A, B = factory(1), factory(2)
print(A().get(), B().get(), A is B, A.__qualname__)


class Counter:
    total = 0

    def bump(self):
        self.total += 1
        Counter.total += 10
        return self.total


c = Counter()
print(c.bump(), c.bump(), Counter.total, Counter().bump())


class WithAnnotations:
    a: int
    b: str = "b"
    c: "list[int]" = None


print(WithAnnotations.__annotations__, hasattr(WithAnnotations, "a"), WithAnnotations.b)


class Shadow:
    len = "shadowed"
    size = len

    def use(self):
        return len([1, 2])


print(Shadow().use(), Shadow.size)


class Redefined:
    def f(self): return 1
    g = f
    def f(self): return 2


print(Redefined().f(), Redefined().g())


class Empty: ...
class Doc: "only a docstring"
print(Empty.__name__, Doc.__doc__, [n for n in Empty.__dict__ if n not in ("__dict__", "__weakref__", "__module__", "__doc__")])
