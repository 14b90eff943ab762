"""A finalizer gives its object another class; builtin `__new__`s that would make something else."""


class After:
    pass


class Before:
    def __del__(self):
        self.__class__ = After
        print("gone", type(self).__name__)


for _ in range(3):
    Before()
many = [Before() for _ in range(2)]
del many


class Strange(list):
    __new__ = object.__new__


print(Strange(), isinstance(Strange(), list))
try:
    object.__new__(Strange)
except TypeError as error:
    print(error)
