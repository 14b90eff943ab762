# In-place operators on every numeric kind and on names, items, attributes.
x = 10
x += 5; print(x)
x -= 20; print(x)
x *= -3; print(x)
x //= 4; print(x)
x %= 3; print(x)
x **= 5; print(x)
x /= 8; print(x)
x = 6
x <<= 3; print(x)
x >>= 1; print(x)
x &= 0b11100; print(x)
x |= 3; print(x)
x ^= 0xFF; print(x)
f = 1.5
f += 1; print(f)
f *= f; print(f)
f //= 1; print(f)
f **= 2; print(f)


class Box:
    total = 5


box = Box()
box.total += 1
print(box.total, Box.total, box.__dict__)
items = [1, 2, 3]
items[0] += 10
items[-1] *= 2
items[1] -= items[0]
print(items)
table = {"a": 1}
table["a"] <<= 4
print(table)
s = "ab"
s += "c"
s *= 2
print(s)
t = (1,)
t += (2, 3)
t *= 2
print(t)
n = 2**62 - 1
n += 1
print(n)
n *= n
print(n)
n -= n
print(n)
try:
    undefined += 1
except NameError as e:
    print(e)


def local():
    y += 1


try:
    local()
except UnboundLocalError as e:
    print(e)
