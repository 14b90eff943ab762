def comprehensions(rows, k):
    a = [x * k for x in rows if x]
    b = {x: [y for y in x] for x in rows}
    c = [lambda: x for x in rows]
    return a, b, c, sum(x for row in rows for x in row)


class A:
    n = 3
    items = [n for n in range(n)]
