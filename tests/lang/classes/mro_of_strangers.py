# A metaclass's mro() may name classes that are no bases: what changes there shows in the class all the same.
class Base:
    value = 1
    text = 'a'

    def method(self):
        return 'first'


class Meta(type):
    def mro(cls):
        return (cls, Base, object)


class Stranger(metaclass=Meta):
    pass


class Child(Stranger):
    pass


def look(class_):
    return class_.value, class_.text, class_().method(), class_().value


for _ in range(3):
    print(look(Stranger), look(Child), look(Base))
for change in (
    lambda: setattr(Base, 'value', 2),
    lambda: setattr(Base, 'text', 'b'),
    lambda: setattr(Base, 'method', lambda self: 'second'),
    lambda: setattr(Base, 'value', [3]),
    lambda: setattr(Base, 'value', 4),
    lambda: setattr(Stranger, 'value', 5),
    lambda: delattr(Stranger, 'value'),
    lambda: delattr(Base, 'text') or setattr(Base, 'text', property(lambda self: 'c')),
):
    change()
    for _ in range(2):
        try:
            print(look(Stranger)[0], look(Child)[0], look(Child)[2:], Child().text, look(Base)[0])
        except AttributeError as error:
            print(error)
print(Base.__subclasses__(), [c.__name__ for c in Stranger.__subclasses__()], [c.__name__ for c in object.__subclasses__() if c is Stranger])
del Child, Stranger, look
Base.value = 6
print(Base.value)
