# Private names are mangled as names, parameters and attributes, but not as the names of arguments in calls.
def show(*args, **kwargs):
    print(args, kwargs)


class Private:
    def __init__(self, __hidden=1):
        self.__hidden = __hidden

    def call(self):
        show(__a=1, __b__=2)
        show(*(), __a=1, **{'__c': 3})
        show(1, __a=self.__hidden, b=2)
        dict.update({}, __a=1)
        print(sorted(dict(__a=1, __b=2)))

    def base(self, __x, *, __y=2):
        return __x, __y


private = Private()
private.call()
print(sorted(private.__dict__))
print(private.base(1, _Private__y=3), private.base(_Private__x=1))
try:
    private.base(__x=1)
except TypeError as error:
    print(error)


class Meta(type):
    def __new__(meta, name, bases, namespace, **kwargs):
        print(name, kwargs)
        return super().__new__(meta, name, bases, namespace)

    def __init__(cls, *args, **kwargs):
        pass


class Outer:
    class Inner(metaclass=Meta, __option=1):
        pass

    try:
        Private(__hidden=2)
    except TypeError as error:
        print(error)
