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
