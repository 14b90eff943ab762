# An object may save itself in __del__, once.
class Cat:
    lives = []

    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("del", self.name)
        Cat.lives.append(self)


c = Cat("tom")
c = None
print(len(Cat.lives), Cat.lives[0].name)
c = Cat.lives.pop()
c = None
print("gone for good", len(Cat.lives))


class Again:
    def __del__(self):
        print("again")
        global kept
        kept = self


kept = Again()
kept = None
print(type(kept).__name__)
kept = None
print(kept)


class Fresh:
    count = 0

    def __del__(self):
        Fresh.count += 1
        if Fresh.count < 5:
            Fresh()


Fresh()
print("new ones made in __del__:", Fresh.count)


class Explicit:
    def __del__(self):
        print("called")


e = Explicit()
e.__del__()
print("still here")
del e
print("end")


class Late:
    pass


def added(self):
    print("added later")


l = Late()
Late.__del__ = added
del l
l = Late()
l.__del__ = lambda: print("never: looked up on the type")
del l
