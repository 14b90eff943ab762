# Names of keyword arguments are not private to the class that calls; names of parameters are.
class Caller:
    def direct(self):
        return dict(__a=1, b=2)

    def unpacked(self, more):
        return dict(__a=1, **more)

    def parameter(self, __b=3):
        return __b


caller = Caller()
print(caller.direct())
print(caller.unpacked({"c": 3}))
print(caller.parameter(), caller.parameter(_Caller__b=4))
try:
    caller.parameter(__b=5)
except TypeError as error:
    print(error)


class Based:
    def __init_subclass__(cls, **words):
        print(sorted(words))


class Outer:
    class Derived(Based, __word=1):
        pass
