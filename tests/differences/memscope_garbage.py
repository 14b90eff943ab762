# modes: auto
# reason: memscope is Taipan's own: it shows the memory of a running program from outside its heap.
"""Garbage, snapshots, their differences and exports.

CPython has no such module, so this program says there that it has nothing to show.
"""
try:
    import memscope
except ModuleNotFoundError:
    print("no memscope here")
    raise SystemExit

import gc
import json
import os
import tempfile

gc.collect()
gc.disable()


class Node:
    pass


warm = Node()
warm.others = None
print(memscope.garbage())
for _ in range(3):
    node = Node()
    node.others = [node, {"node": node}]
del node
garbage = memscope.garbage()
print(garbage.total, garbage.count, [(count, sorted(row[:2] for row in types)) for count, _, types, _ in garbage.groups])
print(garbage.bytes == sum(size for _, size, _, _ in garbage.groups), len(garbage.groups[0][3]))
print("3 groups of" in repr(garbage))
print(gc.collect(), memscope.garbage().count)

# Snapshots: new objects at the addresses of dead ones are new.
kept = [Node() for _ in range(1000)]
first = memscope.snapshot()
del kept[:]
kept += [Node() for _ in range(1000)]
grown = []
second = memscope.snapshot()
grown.extend(range(10000))
third = memscope.snapshot()
changes = {row[0]: row[1:] for row in second.since(first).rows}
print(changes["Node"][0], changes["Node"][2], changes["Node"][1] == changes["Node"][3])
print({row[0]: row[1:] for row in third.since(second).rows}["list"][4] > 70000)
print(third.since(second).growth > 70000, "Node" not in dict.fromkeys(row[0] for row in third.since(second).rows))
print(memscope.census().by_age().keys() >= {1, 2, 3})
print(second.count == len(list(second.types())) or second.count > 1000, second.bytes == sum(row[2] for row in second.types()))
print(first.number, second.number, third.number, repr(first).startswith("<memscope.Snapshot 0: "))
serial = third.object(grown)[0]
print(serial == second.object(grown)[0], first.object(grown), third.object(5), third.object([]))

# Retained sizes and dominators.
top = {"only": [[Node()], [Node()]]}
top["shared"] = top["only"][0]
last = memscope.snapshot()
_, _, title, size, retained, over = last.object(top["only"])
print(title, retained > size, over[0][1:3])
print(last.object(top["only"][0])[5][0][1:3], last.object(top["only"][1])[5][0][1:3])
biggest = last.biggest(5)
print([row[4] for row in biggest] == sorted((row[4] for row in biggest), reverse=True))
for bad in (lambda: first.since(second), lambda: first.since(None)):
    try:
        bad()
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)

# V8's format: what the head says is what follows.
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "all.heapsnapshot")
    memscope.export(last, path)
    with open(path, encoding="utf-8") as file:
        data = json.load(file)
    meta = data["snapshot"]["meta"]
    fields, nodes, edges, strings = len(meta["node_fields"]), data["nodes"], data["edges"], data["strings"]
    print(len(nodes) == data["snapshot"]["node_count"] * fields, len(edges) == data["snapshot"]["edge_count"] * 3)
    column = {name: nodes[meta["node_fields"].index(name)::fields] for name in meta["node_fields"]}
    print(sum(column["edge_count"]) * 3 == len(edges), len(set(column["id"])) == len(column["id"]))
    print(max(column["name"]) < len(strings), max(column["type"]) < len(meta["node_types"][0]), sum(column["self_size"]) == last.bytes)
    named = [i for i in range(0, len(edges), 3) if meta["edge_types"][0][edges[i]] not in ("element", "hidden")]
    print(all(edges[i + 1] < len(strings) for i in named), all(to % fields == 0 and to < len(nodes) for to in edges[2::3]))
    print(meta["node_types"][0][nodes[0]], strings[nodes[1]] == "", strings[nodes[fields + 1]], len(strings) == len(set(strings)))
    # Every object but the garbage can be reached from the root.
    starts, total = [], 0
    for count in column["edge_count"]:
        starts.append(total)
        total += count
    seen, waiting = {0}, [0]
    while waiting:
        at = waiting.pop()
        for edge in range(starts[at], starts[at] + column["edge_count"][at]):
            to = edges[edge * 3 + 2] // fields
            if to not in seen:
                seen.add(to)
                waiting.append(to)
    print(len(seen) == data["snapshot"]["node_count"])

    path = os.path.join(folder, "all.ndjson")
    memscope.export(last, path)
    with open(path, encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    head, objects, roots = lines[0], [line for line in lines if "id" in line], [line for line in lines if "root" in line]
    print(head["objects"] == len(objects) == last.count, head["edges"] == sum(len(line["edges"]) for line in objects))
    ids = {line["id"] for line in objects}
    print(all(line["dominator"] is None or line["dominator"] in ids for line in objects), all(root["to"] in ids for root in roots))
    own = next(line for line in objects if line["id"] == last.object(top)[0])
    print(own["class"], own["title"], [edge[:2] for edge in own["edges"]])
    try:
        memscope.export(last, path, "xml")
    except ValueError as error:
        print(error)
    def fails(piece):
        raise KeyError("the sink")
    try:
        last._write(fails, "ndjson")
    except KeyError as error:
        print(error)
