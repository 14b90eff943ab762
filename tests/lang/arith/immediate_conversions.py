# float() of ints of every size, and ~ of what is an int and what is not.
for n in (0, 1, -1, 3, 2**53, 2**53 + 1, 2**53 + 3, -(2**53 + 1), 2**60 + 1, 2**61 - 1, -(2**61), 2**62, 2**63 - 1, 2**64 + 2**11):
    print(float(n), float(n).hex(), type(float(n)).__name__, ~n)
print(float(True), float(False))


class Exact(int):
    def __float__(self):
        return 2.5

    def __invert__(self):
        return "inverted"


class Of(float):
    pass


print(float(Exact(3)), ~Exact(3), type(Of(3)).__name__, Of(3))
try:
    float(10**400)
except OverflowError as e:
    print(e)
for wrong in (1.5, "x", None):
    try:
        ~wrong
    except TypeError as e:
        print(e)
n = 5
n = ~n
print(n, ~~n, [~k for k in range(-2, 3)])


def death(o):
    print("before")
    r = ~o
    print("after", r)


class Mortal:
    def __invert__(self):
        return 7

    def __del__(self):
        print("gone")


death(Mortal())
print(~Mortal())
