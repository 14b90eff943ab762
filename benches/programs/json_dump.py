"""Write JSON: nested records, many numbers, text with escapes, indented, sorted, with a default function.

Group: JSON
Counted: 60
"""
import json
import sys


class Stamp:
    def __init__(self, t):
        self.t = t


def record(i):
    return {
        "id": i, "name": f"record {i}", "ratio": i / 7, "flags": [True, False, None], "note": "line\nwith \"quotes\" é",
        "tags": ["red", "green", "blue"][: i % 4], "inner": {"x": i, "y": -i, "deep": {"list": list(range(10))}},
    }


def main(n):
    records = [record(i) for i in range(n)]
    total = 0
    for _ in range(6):
        total += len(json.dumps(records))
    total += len(json.dumps(records, indent=2))
    total += len(json.dumps(records, sort_keys=True, separators=(",", ":")))
    total += len(json.dumps(records, ensure_ascii=False))
    total += len(json.dumps([i * 0.1 for i in range(10 * n)])) + len(json.dumps(list(range(20 * n))))
    total += sum(len(json.dumps(each)) for each in records)
    total += len(json.dumps([Stamp(i) for i in range(n)], default=lambda stamp: {"at": stamp.t}))
    return total


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 18_000))
