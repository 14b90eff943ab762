"""heapq, bisect, deque, Counter, defaultdict, OrderedDict, namedtuple and ChainMap at work.

Group: containers
Counted: 2500
"""
import bisect
import collections
import heapq
import sys

Edge = collections.namedtuple("Edge", "target weight")


def shortest(graph, start):
    distances = {start: 0}
    heap = [(0, start)]
    while heap:
        distance, node = heapq.heappop(heap)
        if distance > distances[node]:
            continue
        for edge in graph[node]:
            reach = distance + edge.weight
            if reach < distances.get(edge.target, 1 << 60):
                distances[edge.target] = reach
                heapq.heappush(heap, (reach, edge.target))
    return sum(distances.values())


def breadth(graph, start):
    seen = {start}
    line = collections.deque([(start, 0)])
    total = 0
    while line:
        node, depth = line.popleft()
        total += depth
        for edge in graph[node]:
            if edge.target not in seen:
                seen.add(edge.target)
                line.append((edge.target, depth + 1))
    return total


class Recent(collections.OrderedDict):
    def touch(self, key):
        if key in self:
            self.move_to_end(key)
            return 1
        self[key] = True
        if len(self) > 50:
            self.popitem(last=False)
        return 0


def main(n):
    graph = collections.defaultdict(list)
    for i in range(n):
        for k in (i * 7 + 1, i * 13 + 5, i // 2):
            graph[i].append(Edge(k % n, (i ^ k) % 17 + 1))
    total = shortest(graph, 0) + breadth(graph, 0)
    ordered = []
    for i in range(n // 4):
        bisect.insort(ordered, i * 7919 % 10007)
    total += bisect.bisect_left(ordered, 5000) + sum(heapq.nlargest(10, ordered)) + sum(heapq.nsmallest(5, ordered))
    counts = collections.Counter(x % 97 for x in ordered)
    counts.update("abracadabra" * (n // 50))
    total += sum(count for _, count in counts.most_common(5))
    recent = Recent()
    total += sum(recent.touch(i * i % 71) for i in range(n))
    window = collections.deque(maxlen=16)
    for i in range(n):
        window.append(i)
        total += window[0] + window[-1]
    window.rotate(3)
    layers = collections.ChainMap({"a": 1}, {"b": 2}, {"c": 3})
    total += sum(layers["abc"[i % 3]] for i in range(n // 8))
    return total + sum(heapq.merge(ordered, ordered[::2])) + window[0]


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 90_000))
