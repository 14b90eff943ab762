# while, for, break, continue, else, nesting.
n = 0
while n < 5:
    n += 1
    if n == 2:
        continue
    if n == 4:
        break
    print("while", n)
else:
    print("not reached")
while n < 6:
    n += 1
else:
    print("while else", n)
for i in []:
    pass
else:
    print("empty for else")
for i in range(3):
    for j in range(3):
        if j == 1:
            continue
        if i == 1:
            break
        print(i, j)
    else:
        print("inner else", i)
        continue
    print("inner broken", i)
for x in "ab":
    try:
        if x == "a":
            continue
        print("body", x)
    finally:
        print("finally", x)


def find(items, wanted):
    for i, x in enumerate(items):
        if x == wanted:
            return i
    else:
        return -1


print(find("abc", "c"), find("abc", "z"))
for i in range(3):
    try:
        break
    finally:
        print("finally before break", i)
for a, (b, *c) in [(1, (2, 3, 4)), (5, (6,))]:
    print(a, b, c)
d = {}
for d["key"] in range(3):
    pass
print(d)
items = [0, 0]
for items[1] in (7, 8):
    pass
print(items)
while True:
    try:
        while True:
            break
        else:
            print("no")
    finally:
        print("finally")
    break
i = 10
while i:
    i -= 3
    if i < 0:
        break
else:
    print("no break")
print(i, sum(1 for _ in iter(lambda: 1, 1)))
total = 0
for i in range(10):
    if i % 2: continue
    elif i > 6: break
    total += i
print(total, i)
for i in (1, 2): pass
print(i)
stack = [3]
while stack:
    x = stack.pop()
    if x:
        stack += [x - 1] * 2
        total += 1
print(total)
print([x if x else "zero" for x in range(2)], 1 if 0 else 2 if 0 else 3, (1 and 0) or "or", 0 and 1 / 0, 1 or 1 / 0, not 0 and not [])
