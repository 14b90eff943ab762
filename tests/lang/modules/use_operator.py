# The operator module.
import operator as op

print(op.add(1, 2), op.sub(5, 3), op.mul("a", 3), op.truediv(1, 4), op.floordiv(7, 2), op.mod(7, 3), op.pow(2, 5), op.neg(3), op.not_(0), op.lt(1, 2), op.eq(1, 1.0), op.and_(6, 3), op.or_(6, 3), op.xor(6, 3), op.lshift(1, 4), op.invert(5), op.concat([1], [2]), op.contains([1], 1), op.countOf([1, 1], 1), op.indexOf([5, 6], 6), op.getitem([1, 2], 1), op.truth([]), op.is_(None, None), op.index(5))
print(op.itemgetter(1)([5, 6]), op.itemgetter(0, 2)("abc"), op.itemgetter("k")({"k": 1}), op.attrgetter("real")(5), op.attrgetter("real", "imag")(1 + 2j), op.methodcaller("upper")("a"), op.methodcaller("split", ",", maxsplit=1)("a,b,c"), op.itemgetter(slice(1, 3))("abcd"))
l = [1, 2, 3]
op.setitem(l, 0, 9)
op.delitem(l, 1)
print(l, op.iadd(l, [4]), l, op.length_hint(iter(l)), op.call(max, 1, 2))
print(sorted([("b", 1), ("a", 2)], key=op.itemgetter(0)), repr(op.itemgetter(1, 2)), repr(op.attrgetter("a.b")), repr(op.methodcaller("f", 1, k=2)))
for f in (lambda: op.itemgetter(), lambda: op.attrgetter("x")(5), lambda: op.itemgetter(5)([1]), lambda: op.add(1), lambda: op.indexOf([], 1), lambda: op.index(1.5)):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)
