# modes: auto
# reason: memscope is Taipan's own: its snapshots can be written in the form that V8's tools load.
"""A `.heapsnapshot` has the structure that the loader of Chrome's developer tools relies on.

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

gc.disable()


class Node:
    def __init__(self, name):
        self.name = name
        self.next = self


class Slotted:
    __slots__ = ("left", "right")


def holding(value):
    return lambda: value


def generate(value):
    yield value


slotted = Slotted()
slotted.left = slotted.right = slotted
generator = generate(slotted)
next(generator)
kept = [Node('"quoted" \\ \n\t\x00\x1f\x7f'), Node("\ud800 é \U0001f40d </script>"), slotted, holding([1.5]), {"k": b"v"},
        {1: {2: (3, [4])}}, generator, "x" * 100_000, 1 << 3000]
Node("garbage")


def constant(name):
    raise ValueError(name)


def check(path):
    with open(path, encoding="utf-8", errors="strict") as file:
        text = file.read()
    # The loader reads a stream: each section is looked for behind the one before.
    sections = ["snapshot", "nodes", "edges", "trace_function_infos", "trace_tree", "samples", "locations", "strings"]
    data = json.loads(text, parse_constant=constant)
    assert list(data) == sections, list(data)
    snapshot, nodes, edges, strings = data["snapshot"], data["nodes"], data["edges"], data["strings"]
    meta = snapshot["meta"]
    assert meta["node_fields"][:5] == ["type", "name", "id", "self_size", "edge_count"]
    assert meta["edge_fields"] == ["type", "name_or_index", "to_node"]
    assert len(meta["node_types"]) == len(meta["node_fields"]) and len(meta["edge_types"]) == len(meta["edge_fields"])
    assert meta["node_types"][1:4] == ["string", "number", "number"]
    assert meta["edge_types"][1:] == ["string_or_number", "node"]
    node_types, edge_types = meta["node_types"][0], meta["edge_types"][0]
    width, count = len(meta["node_fields"]), snapshot["node_count"]
    assert len(nodes) == width * count and len(edges) == 3 * snapshot["edge_count"]
    # They become arrays of unsigned 32-bit numbers.
    assert all(type(number) is int and 0 <= number < 1 << 32 for part in (nodes, edges) for number in part)
    assert snapshot["trace_function_count"] == 0 and data["trace_function_infos"] == data["trace_tree"] == []
    assert data["samples"] == data["locations"] == []
    assert all(type(string) is str for string in strings) and len(set(strings)) == len(strings)
    named = {node_types.index(kind) for kind in ("object", "string", "code", "synthetic")}
    numbered = {edge_types.index(kind) for kind in ("element", "hidden")}
    fields = [nodes[at:at + width] for at in range(0, len(nodes), width)]
    assert all(kind in named and name < len(strings) and trace == 0 and detached == 0
               for kind, name, number, size, own, trace, detached in fields)
    ids = [node[2] for node in fields]
    assert len(set(ids)) == len(ids) and all(number % 2 == 1 for number in ids)
    # The root comes first, is synthetic, and nothing refers to it.
    assert node_types[fields[0][0]] == "synthetic" and fields[0][2] == 1 and fields[0][3] == 0
    # Edges come in the order of their owners, as many as each says.
    assert sum(node[4] for node in fields) == snapshot["edge_count"]
    reached, at, targets = {0}, 0, []
    for node in fields:
        own = []
        for _ in range(node[4]):
            kind, name, to = edges[at:at + 3]
            at += 3
            assert kind < len(edge_types) and to % width == 0 and 0 < to < len(nodes)
            assert kind in numbered or name < len(strings)
            own.append(to // width)
        targets.append(own)
    assert at == len(edges)
    waiting = [0]
    while waiting:
        for to in targets[waiting.pop()]:
            if to not in reached:
                reached.add(to)
                waiting.append(to)
    synthetic = sum(node_types[node[0]] == "synthetic" for node in fields)
    assert all(number in reached for number in range(synthetic)), "the groups hang on the root"
    return fields, strings, targets, reached, synthetic


with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "all.heapsnapshot")
    taken = memscope.snapshot()
    memscope.export(taken, path)
    fields, strings, targets, reached, synthetic = check(path)
    print(len(fields) > 3000, synthetic)
    names = {strings[node[1]] for node in fields}
    print({"Node", "Slotted", "function", "generator", "list"} <= names, "é" in "".join(names))
    print(max(node[3] for node in fields) > 100_000)
    # What is garbage hangs on nothing; all else is reached from the root.
    garbage = [number for number in range(len(fields)) if number not in reached]
    print(0 < len(garbage) < 20, "Node" in {strings[fields[number][1]] for number in garbage})
    again = os.path.join(folder, "again.heapsnapshot")
    del kept, generator
    gc.collect()
    memscope.export(memscope.snapshot(), again)
    memscope.export(memscope.snapshot(), again)
    numbers = {node[2] for node in fields}
    after = {node[2] for node in check(again)[0]}
    # An object keeps its number in the snapshots that see it.
    print(0.9 < len(numbers & after) / len(numbers) < 1)
