"""Method calls: plain, inherited, through super, class and static, bound ahead of time.

Group: attributes and methods
Counted: 8000
"""
import sys


class Base:
    def __init__(self):
        self.n = 0

    def add(self, k):
        self.n += k
        return self.n

    def twice(self, k):
        return k + k


class Derived(Base):
    def add(self, k):
        return super().add(k) + 1

    @classmethod
    def kind(cls, k):
        return k + 1

    @staticmethod
    def plain(a, b=2):
        return a - b


def main(n):
    base, derived = Base(), Derived()
    bound = base.twice
    total = 0
    for i in range(n):
        total += base.add(1)
        total += derived.add(2)
        total += derived.twice(i & 3)
        total -= Derived.kind(i & 7)
        total -= derived.plain(i, b=1)
        total += bound(1)
    return total


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 3_000_000))
