"""Read JSON: nested records, many numbers, text with escapes; with hooks; and short messages one by one.

Group: JSON
Counted: 100
"""
import json
import sys


def record(i):
    return {
        "id": i, "name": f"record {i}", "ratio": i / 7, "flags": [True, False, None], "note": "line\nwith \"quotes\" é",
        "tags": ["red", "green", "blue"][: i % 4], "inner": {"x": i, "y": -i, "deep": {"list": list(range(10))}},
    }


def main(n):
    text = json.dumps([record(i) for i in range(n)])
    pretty = json.dumps([record(i) for i in range(n)], indent=4, ensure_ascii=False)
    numbers = json.dumps([i * 0.37 for i in range(10 * n)])
    lines = [json.dumps(record(i)) for i in range(n)]
    total = 0
    for _ in range(5):
        for each in json.loads(text):
            total += each["id"] + each["inner"]["deep"]["list"][3]
        total += int(sum(json.loads(numbers)))
        total += len(json.loads(pretty))
    for line in lines:
        total += len(json.loads(line)["note"])
    pairs = json.loads(text, object_pairs_hook=len)
    hooked = json.loads(text, object_hook=lambda found: found.get("id", 1), parse_float=len)
    return total + sum(pairs) + sum(hooked)


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 12_000))
