# Loops over strs of every width, and over dicts that change meanwhile.
for text in ("", "a", "abc", "äöü", "a€b", "a\U0001f600b", "\ud800x"):
    print([c.encode("utf-8", "surrogatepass") for c in text], end=" ")
    for c in text:
        print(len(c), ord(c), end=" ")
    print(list(text) == [text[i] for i in range(len(text))], sorted(text) == sorted(list(text)), set(text) == set(list(text)))


class Text(str):
    def __iter__(self):
        return iter(["own"])


for c in Text("abc"):
    print(c)
print(list(Text("abc")), set(Text("abc")), sorted(Text("abc")))

iterator = iter("abc")
print(next(iterator), iterator.__length_hint__(), iterator.__reduce__()[1:], list(iterator), list(iterator), next(iterator, "end"))
iterator.__setstate__(0)
print(list(iterator))


def over(d, change):
    seen = []
    try:
        for k in d:
            seen.append(k)
            change(d, k)
    except RuntimeError as error:
        print(seen, "RuntimeError:", error)
    else:
        print(seen)


def fresh():
    return {k: k for k in "abcd"}


over(fresh(), lambda d, k: None)
over(fresh(), lambda d, k: d.update({k: 1}))
over(fresh(), lambda d, k: d.update({k + "x": 1}))
over(fresh(), lambda d, k: d.pop(k))
over(fresh(), lambda d, k: (d.pop(k), d.update({k + "x": 1})))
over(fresh(), lambda d, k: d.clear())
over(fresh(), lambda d, k: (d.pop("a", None), d.update(z=1)))
over({}, lambda d, k: None)
d = fresh()
del d["b"]
over(d, lambda d, k: None)

for view in (dict.keys, dict.values, dict.items):
    d = fresh()
    iterator = iter(view(d))
    print(next(iterator), iterator.__length_hint__(), list(iterator), list(iterator))
    iterator = iter(view(d))
    next(iterator)
    d["e"] = 1
    for _ in range(2):
        try:
            next(iterator)
        except RuntimeError as error:
            print(error)
    print(list(reversed(view(fresh()))), list(view(fresh())))
s = {1, 2, 3}
iterator = iter(s)
next(iterator)
s.add(4)
for _ in range(2):
    try:
        next(iterator)
    except RuntimeError as error:
        print(error)


class Key:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("gone", self.name)


def ending():
    d = {Key("a"): 1, Key("b"): 2}
    for k in d:
        print(k.name, len(d))
    print("loop done")
    d.clear()
    print("cleared")
    del k


ending()

# Iterators over lists that change.
items = [1, 2, 3]
out = []
for x in (y for y in items):
    out.append(x)
    if len(out) < 6:
        items.append(x)
print(out)
iterator = reversed(items)
items.clear()
print(list(iterator), list(iterator))
iterator = iter(items)
print(list(iterator))
items.append(1)
print(list(iterator))
print(sum(x for x in range(2**61 - 2, 2**61 + 2)), list(x for x in range(2**61 + 2, 2**61 - 3, -1)))
print({x: x % 3 for x in range(5)}, {x % 3 for x in range(5)})


class Bad:
    def __hash__(self):
        raise TypeError("no hash")


for make in (lambda: {x for x in [1, Bad()]}, lambda: {x: 1 for x in [1, Bad()]}, lambda: {[]: 1 for x in "a"}):
    try:
        make()
    except TypeError as error:
        print(error)
