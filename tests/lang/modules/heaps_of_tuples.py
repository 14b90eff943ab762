"""heapq with tuples, strs and floats, which are compared at once, and with what has to be asked."""
import heapq

NAN = float("nan")


class Odd:
    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        return self.n % 2 > other.n % 2

    def __repr__(self):
        return f"Odd({self.n})"


class Sub(tuple):
    def __lt__(self, other):
        return tuple.__gt__(self, other)


def drained(items):
    heap = []
    for item in items:
        heapq.heappush(heap, item)
    return [heapq.heappop(heap) for _ in items]


print(drained([(3, "c"), (1, "b"), (1, "a"), (2,), (1,), (), (1, "a", 0)]))
print(drained([(2.5, 1), (1, 2.5), (True, 0), (1, 2), (-1.0, NAN), (-1.0, 3)]))
print(drained(["b", "ä", "", "a€", "aa", "😀", "b"]))
print(drained([2.5, -0.0, 0.0, float("inf"), 1e300]))
print(drained([NAN, 1.0, 2.0, NAN, 0.5])[:1] == [0.5] or "numbers that are none")
print(drained([((1, 2), 3), ((1, 1), 4), ((0,), 9)]))
print(drained([(1, Odd(2)), (1, Odd(3)), (0, Odd(5)), (1, Odd(7))]))
print(drained([Sub((1,)), Sub((3,)), Sub((2,))]))
print(drained([10 ** 30, (1 << 62), 5, -(10 ** 30)]))
for items in ([(1, "a"), (1, 2)], [(1,), "a"], [(None,), (1,)], [1j, 2j]):
    try:
        print(drained(items))
    except TypeError as error:
        print(error)
heap = [(5, "x"), (1, "y"), (3, "z")]
heapq.heapify(heap)
print(heapq.heapreplace(heap, (2, "w")), heapq.heappushpop(heap, (0, "v")), heap)
heap = []
for item in [(1, "a"), (3, "c"), (2, "b")]:
    heapq.heappush_max(heap, item)
print([heapq.heappop_max(heap) for _ in range(3)])


class Shrinks:
    def __lt__(self, other):
        heap.clear()
        return True


heap = [(1, Shrinks()), (1, Shrinks()), (1, Shrinks())]
try:
    heapq.heappop(heap)
except RuntimeError as error:
    print(error)
