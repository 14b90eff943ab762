# Call by assignment, aliasing, shallow and deep copies.
import copy


def mutate(items):
    items.append(99)


def rebind(items):
    items = [0]
    return items


a = [1, 2]
mutate(a)
print(a, rebind(a), a)
b = a
b.append("alias")
print(a is b, a)
m = [[0] * 3] * 3
m[1][1] = 5
print(m, m[0] is m[2])
d = dict.fromkeys("ab", [])
d["a"].append(1)
print(d)
nested = [1, [2, 3], {"k": [4]}]
shallow, deep = copy.copy(nested), copy.deepcopy(nested)
nested[1].append("x")
nested[2]["k"].append("y")
nested.append("z")
print(nested, shallow, deep)
print(shallow[1] is nested[1], deep[1] is nested[1])
loop = [1]
loop.append(loop)
c = copy.deepcopy(loop)
print(c, c[1] is c)


class P:
    def __init__(self, x):
        self.x = x


class Custom:
    def __copy__(self):
        return "custom copy"

    def __deepcopy__(self, memo):
        return "custom deepcopy"


p = P([1])
q, r = copy.copy(p), copy.deepcopy(p)
p.x.append(2)
print(q.x, r.x, q is p, type(r).__name__)
print(copy.copy(Custom()), copy.deepcopy([Custom()]))
shared = [1]
pair = copy.deepcopy([shared, shared])
print(pair[0] is pair[1], pair)
t = (1, 2)
print(copy.copy(t) is t, copy.deepcopy(t) is t, copy.deepcopy((1, [2])), copy.copy({1, 2}), copy.deepcopy({"a": (1, [2])}))
print(copy.copy(print) is print, copy.deepcopy(None), copy.copy(range(3)))
x = y = 5
x += 1
print(x, y)
s = t = [1]
s += [2]
s = s + [3]
print(s, t)
