# A wrong call to a method.
class Greeter:
    def greet(self, name, *, polite=False):
        return f"hello {name}"


Greeter().greet("a", "b", polite=True)
