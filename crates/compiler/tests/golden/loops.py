def count(n):
    i = 0
    while i < n:
        i += 1
        if i % 2: continue
        if i > 100:
            break
    else:
        i = -1
    return i


def nested(rows):
    for row in rows:
        for a, (b, *c) in row:
            if a is None:
                return b
            elif a not in (1, 2):
                break
        print(row, c)


def forever():
    while True:
        pass


def lasting(x, records):
    while x > 0.5:
        x = 2.5 * x - 70000
        if x == 0.25:
            break
    else:
        x += 1
    for record in records:
        for n in record["all"]:
            if n < 1.5:
                return x
    return None
