# Shortest paths, topological order, components, spanning trees.
EDGES = [("a", "b", 7), ("a", "c", 9), ("a", "f", 14), ("b", "c", 10), ("b", "d", 15), ("c", "d", 11), ("c", "f", 2), ("d", "e", 6), ("e", "f", 9), ("x", "y", 1)]


class Heap:
    def __init__(self):
        self.items = []

    def push(self, item):
        self.items.append(item)
        i = len(self.items) - 1
        while i and self.items[i] < self.items[(i - 1) // 2]:
            parent = (i - 1) // 2
            self.items[i], self.items[parent] = self.items[parent], self.items[i]
            i = parent

    def pop(self):
        top, last = self.items[0], self.items.pop()
        if self.items:
            self.items[0] = last
            i = 0
            while (child := 2 * i + 1) < len(self.items):
                if child + 1 < len(self.items) and self.items[child + 1] < self.items[child]:
                    child += 1
                if self.items[i] <= self.items[child]:
                    break
                self.items[i], self.items[child] = self.items[child], self.items[i]
                i = child
        return top

    def __bool__(self):
        return bool(self.items)


def dijkstra(graph, start):
    best, via, heap = {start: 0}, {}, Heap()
    heap.push((0, start))
    while heap:
        cost, node = heap.pop()
        if cost > best[node]:
            continue
        for neighbour, weight in graph[node].items():
            if neighbour not in best or cost + weight < best[neighbour]:
                best[neighbour], via[neighbour] = cost + weight, node
                heap.push((best[neighbour], neighbour))
    return best, via


def path(via, end):
    return path(via, via[end]) + [end] if end in via else [end]


def components(graph):
    seen = set()
    for start in graph:
        if start not in seen:
            group, stack = set(), [start]
            while stack:
                node = stack.pop()
                if node not in group:
                    group.add(node)
                    stack.extend(graph[node])
            seen |= group
            yield sorted(group)


def kruskal(edges):
    parent = {}

    def find(x):
        while parent.setdefault(x, x) != x:
            parent[x] = parent[parent[x]]
            x = parent[x]
        return x

    for a, b, w in sorted(edges, key=lambda e: e[2]):
        if find(a) != find(b):
            parent[find(a)] = find(b)
            yield a, b, w


def topological(needs):
    done, order, visiting = set(), [], []

    def visit(x):
        if x in visiting:
            raise ValueError(f"cycle: {' -> '.join(visiting[visiting.index(x):] + [x])}")
        if x not in done:
            visiting.append(x)
            for y in needs.get(x, ()):
                visit(y)
            visiting.pop()
            done.add(x)
            order.append(x)
    for x in needs:
        visit(x)
    return order


graph = {}
for a, b, w in EDGES:
    graph.setdefault(a, {})[b] = w
    graph.setdefault(b, {})[a] = w
best, via = dijkstra(graph, "a")
print(best, path(via, "e"))
print(list(components(graph)))
print(list(kruskal(EDGES)), sum(w for *_, w in kruskal(EDGES)))
print(topological({"shirt": ["tie"], "tie": ["jacket"], "trousers": ["shoes", "belt"], "belt": ["jacket"], "socks": ["shoes"]}))
try:
    topological({"a": ["b"], "b": ["c"], "c": ["b"]})
except ValueError as e:
    print(e)
