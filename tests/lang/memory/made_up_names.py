# Attribute names that a program makes up do not pile up.
class A:
    pass


kept = A()
for i in range(50_000):
    a = A()
    setattr(a, "name" + str(i), i)
    assert getattr(a, "name%d" % i) == i
    assert not hasattr(a, "name%d" % (i + 1))
    assert not hasattr(A, "class%d" % i)
    if i % 10_000 == 0:
        setattr(kept, "kept%d" % i, i)
print(sorted(vars(kept)), kept.kept40000)
setattr(A, "name" + str(7), "on the class")
print(kept.name7, A.name7, hasattr(A, "class7"), vars(a))
many = [A() for _ in range(300)]
for i, a in enumerate(many):
    a.first = i
    setattr(a, f"own{i}", -i)
    a.last = "last"
print(all(a.first == i and getattr(a, f"own{i}") == -i and a.last == "last" for i, a in enumerate(many)), vars(many[200]))
