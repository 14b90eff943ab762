class Point(Base, metaclass=Meta):
    """A point."""

    x: int = 0
    __private = 1

    @property
    def length(self) -> float:
        self.cached = super().length
        return self.cached

    @staticmethod
    def make(*args, key=None, **kwargs): return Point(*args, key=key, **kwargs)


class Box[T: int](Point):
    def get[U](self, default: U = None) -> T | U: ...


type Pair[A] = tuple[A, A]
