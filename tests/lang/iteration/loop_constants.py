# Constants that loops use as operands are loaded before the loop: every way into and out of it finds them as they were.


def mandelbrot(cr, ci, limit):
    zr = zi = 0.0
    for n in range(limit):
        zr, zi = zr * zr - zi * zi + cr, 2.0 * zr * zi + ci
        if zr * zr + zi * zi > 4.0:
            return n
    return limit


print([mandelbrot(x / 4.0, 0.3, 60) for x in range(-8, 3)])


def caught(values):
    out = []
    for value in values:
        try:
            out.append(1.5 / value + 70000)
        except ZeroDivisionError:
            out.append(2.5 * 2 + 100000)
        except TypeError as error:
            out.append(str(error))
        else:
            if out[-1] > 70002.5:
                continue
        finally:
            out.append(0.25 + len(out))
    else:
        out.append("end")
    return out


print(caught([1, 0, 3, "x", 0.5]))


def outside(n):
    total = 0.0
    try:
        while True:
            total += 0.125
            if total > 1e3:
                raise KeyError(total * 0.5)
            n -= 1
            if n == 0:
                break
    except KeyError as error:
        return "raised", error.args
    total *= 0.5
    while n < 70000:
        n += 65536
        total -= 0.5
    else:
        total += 0.0625
    return total, n


print(outside(10), outside(100000))


def nested(rows):
    found = []
    for row in rows:
        for item in row:
            while item > 0.5:
                item *= 0.5
                if item == 0.75:
                    break
            else:
                found.append(item + 100.5)
                continue
            if row[0] == "stop":
                return found
            found.append(item - 100.5)
    return found


print(nested([[1.5, 8.0], [], [0.25, 3, 1e300], [2]]))


def squares():
    n = 0
    while n < 3.5:
        got = yield n * 0.5
        if got == "again":
            yield n * 1.5
        n += 1
    yield 9.75 * n


g = squares()
print(next(g), g.send("again"), g.send("again"), g.send(None), list(g))
g = squares()
next(g)
g.close()


def texts(records):
    out = {"a": 0, "b": 0, "other": 0}
    for record in records:
        kind = record["kind"]
        if kind == "a" or kind == "b":
            out[kind] += record["value"]
        elif kind != "c":
            out["other"] += 1
        elif "value" not in record:
            out["c"] = out.get("c", 0) + 1
    return out


print(texts([{"kind": k, "value": 2} for k in "abcaxb"] + [{"kind": "c"}] * 2))


def many(n):
    total = 0.0
    for i in range(n):
        total = total * 0.5 + 1.25 - 2.25 / 3.25 + 4.25 - 5.25 * 6.25 + 7.25 - 8.25 + 9.25 / 10.25 + 11.25
        total += 1 << 3
        total %= 1_000_000_007
        if total == 12345678:
            total -= 3 ** 2.5
    return total


print(many(5))


def shadows():
    i = 0
    while i < 3:
        f = lambda x: x * 2.5 + i
        g = [y * 2.5 for y in range(3)]
        i += 1
        yield f(2.5), g, sum(y * 2.5 for y in g)


print(list(shadows()))
print(sorted(texts.__code__.co_varnames), [k for k in (lambda: locals())()])


def managed(names):
    class Closing:
        def __init__(self, name):
            self.name = name

        def __enter__(self):
            return self.name

        def __exit__(self, *exc):
            print("exit", self.name, exc[0] and exc[0].__name__)
            return self.name == "swallow"

    for name in names:
        with Closing(name) as known:
            if known == "leave":
                return 2.5 * len(names)
            if known == "next":
                continue
            if known == "swallow":
                raise ValueError(3.5 + 1)
            if known == "stop":
                break
            print(known, 2.5 * 2)
    return 3.5 * len(names)


print(managed(["x", "next", "swallow", "y", "stop", "z"]), managed(["leave"]), managed([]))

total = 0.0
for step in range(4):
    total += step * 0.5
    if total > 2.5:
        break
print(total)


class Counted:
    total = 1
    for n in range(3):
        total = total * 1.5
    while total > 1.25:
        total = total - 1.25


print(Counted.total)


class Odd(float):
    def __eq__(self, other):
        return "compared", type(other).__name__, other

    def __rmul__(self, other):
        return "multiplied", other


for value in Odd(1.5), 2:
    print(value == 2.0, 2.5 * value, value == "text")


async def waits(n):
    total = 0.0
    while total < 2.5:
        total += 0.5 * await give(n)
    return total * 70000


async def give(n):
    return n


try:
    waits(2).send(None)
except StopIteration as stop:
    print(stop.value)


def deleted():
    for key in "ab":
        try:
            if key == "b":
                del key
            print(key)
        except UnboundLocalError as error:
            print(error)
        print(2.5 * 1.5)


deleted()


def cleaned(n):
    """What is left early runs the `finally` around the loop, where its constants are gone."""
    total = 0.0
    try:
        while n > 0.5:
            n -= 1.25
            if n == 2.5:
                return total * 2.5
            for key in "ab":
                try:
                    if n == 0.0:
                        return 1.25
                finally:
                    total += 2.5 * 1.25
            if n < 1.25:
                break
    finally:
        print(total * 2.5, n - 1.25, n == 0.5)
        for step in range(2):
            total += 2.5 * step + 0.5
        print(total)
    return total * 1.25


print(cleaned(5.0), cleaned(2.5), cleaned(1.25), cleaned(9), cleaned(0))


def yielded():
    try:
        for i in range(3):
            yield i * 2.5
            if i == 70000:
                return
    finally:
        yield 2.5 + 70000


g = yielded()
print(next(g), g.throw(StopIteration) if False else next(g), list(g))
g = yielded()
next(g)
try:
    print(g.throw(KeyError))
    next(g)
except KeyError:
    print("KeyError")
