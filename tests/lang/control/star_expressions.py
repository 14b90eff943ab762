# Stars in calls, displays, returns, subscripts, for loops.
a, b = [1, 2], (3, 4)
print([*a, *b], (*a, *b), {*a, *b} == {1, 2, 3, 4}, [*"ab", *range(2), *{5: 6}], *a, *b)
print({**{"x": 1}, **{"y": 2}, "x": 3}, dict(**{"a": 1}, b=2))


def f(*args, **kwargs):
    return args, kwargs


def ret():
    return *a, *b


def gen():
    yield *a, 9


print(f(*a, 5, *b, k=1, **{"z": 2}), ret(), list(gen()), f(*[], **{}))
for x in *a, *b:
    print(x, end=" ")
print()
first, *middle, last = *a, *b
print(first, middle, last)


class S:
    def __getitem__(self, key):
        return key


print(S()[*a], S()[*a, 5], S()[1, *b])
for text in ("f(*5)", "f(*None)", "f(**5)", "f(**{1: 2})", "f(a=1, **{'a': 2})", "[*5]", "{**5}", "{*5}", "{**[1]}", "f(**{'a': 1}, **{'a': 2})", "{*[[]]}"):
    try:
        print(eval(text))
    except TypeError as e:
        print(text, e)


class Iter:
    def __iter__(self):
        print("iter")
        return iter([1, 2])


class Keys:
    def keys(self):
        print("keys")
        return ["p"]

    def __getitem__(self, k):
        print("item", k)
        return k * 2


print([*Iter()], f(*Iter()), {**Keys()}, f(**Keys()))


def boom():
    yield 1
    raise ValueError("in iteration")


for make in (lambda: [*boom()], lambda: f(*boom()), lambda: {*boom()}):
    try:
        make()
    except ValueError as e:
        print(e)
print(*[], sep=",")
print(*"abc", sep=",")
print(f(*(x for x in range(3))), f(*{"k": 1}), max(*[1, 5, 2]))
