# A pipeline of generators needs no more memory for many items than for few.
def resident():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * 4096


def numbers(n):
    for i in range(n):
        yield [i, str(i)]


def evens(source):
    for item in source:
        if item[0] % 2 == 0:
            yield item


def lengths(source):
    return (len(text) for _, text in source)


print(sum(lengths(evens(numbers(1000)))))
before = resident()
print(sum(lengths(evens(numbers(100_000)))))
print("flat:", resident() - before < 4 * 2**20)
total = 0
for pair in zip(range(50_000), map(str, range(50_000)), (x * x for x in range(50_000))):
    total += pair[0]
print(total, "flat:", resident() - before < 4 * 2**20)
big = list(range(200_000))
print(len(range(10**12)), len(big), any(x == 10**5 for x in range(10**9)))
for _ in range(50):
    chunk = [[i] for i in range(1000)]
print("flat:", resident() - before < 24 * 2**20)
