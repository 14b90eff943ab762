# Self-referencing and moderately deep structures print, compare and hash.
a = [1]
a.append(a)
d = {"d": None}
d["d"] = d
print(a, d, [a, d])
t = ([],)
t[0].append(t)
print(t, t[0])


class L(list):
    pass


l = L([1])
l.append(l)
print(l, repr(l) == str(l))
b = [1]
b.append(b)
try:
    print(a == b)
except RecursionError as e:
    print("RecursionError")
print(a == a, a != a, a in [a])
deep = []
for i in range(50):
    deep = [deep]
print(str(deep).count("["), deep == eval(str(deep)), hash(eval("(" * 30 + "1," + "),".join([""] * 30) + ")")) is not None)
x = {}
for i in range(30):
    x = {i: x}
print(str(x).count("{"))
v = {}.values()
e = {"k": [1]}
e["self"] = e.values
print(len(str({1: {2: {3: {}}}})), str([[[[]]]]), str((((),),)), {"a": {"b": [(1, {2})]}})
