# isinstance() of what shows another class than its own, and membership in sets whose keys are of several types.
class M(type):
    pass


class A:
    pass


class B:
    @property
    def __class__(self): return A
class C(B): pass
class D(A):
    __class__ = A
for _ in range(3):
    for o in (A(), B(), C(), D(), 1, 'x', A, None):
        print([isinstance(o, k) for k in (A, B, C, D, int, str, type, M)], end=' ')
    print()


class E:
    pass


e = E()
print([isinstance(e, A) for _ in range(3)])
Shown = type('Shown', (E,), {'__class__': property(lambda self: A)})
e = Shown()
print([isinstance(e, A) for _ in range(3)])
e = E()
print([isinstance(e, A) for _ in range(3)])
s = {1, 2.0, 'a', True, 0, -1, -2, 2**61-1, 2**70}
for v in (1, 2, 2.0, 0, 0.0, False, -1, -2, 'a', 'b', 'ab'[:1], 2**61-1, 2**61, 2**70, 5, None, ()):
    print(v in s, v in frozenset(s), v in set(), end=' ')
print()
t = set(range(50))
for i in range(0, 50, 2): t.discard(i)
print([i for i in range(-3, 55) if i in t])
class I(int):
    def __eq__(self, o): print('eq'); return False
    __hash__ = int.__hash__
u = {I(3), 4}
print(3 in u, 4 in u, 5 in u)
