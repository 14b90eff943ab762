# The json module.
import json

data = {"a": [1, 2.5, None, True], "b": {"nested": "é \" \\ \n"}, "c": [], "d": {}, "e": -0.0, "f": 10**20}
text = json.dumps(data)
print(text, json.loads(text) == data)
print(json.dumps(data, indent=2, sort_keys=True, ensure_ascii=False))
print(json.dumps([1, 2], separators=(",", ":")), json.dumps({1: 2, None: 3, True: 4}), json.dumps("\u2028\x00"), json.dumps(float("inf")))
print(json.loads('{"x": [1e5, -2, "\\u00e9\\ud83d\\ude00"], "y": null}'), json.loads(" [ ] "), json.loads("1"), json.loads('"s"'), json.loads("NaN"))
for bad in ("", "{", "[1,]", '{"a" 1}', "{'a': 1}", "nul", '"abc', "[1] 2", "01", '{"a": 1,}'):
    try:
        json.loads(bad)
    except json.JSONDecodeError as e:
        print(repr(bad), e, e.lineno, e.colno)
for bad in ({1, 2}, object, b"x", {(1, 2): 3}, [1j]):
    try:
        json.dumps(bad)
    except TypeError as e:
        print(e)
loop = []
loop.append(loop)
try:
    json.dumps(loop)
except ValueError as e:
    print(e)
print(json.dumps({1, 2}, default=sorted), json.loads("[1.5]", parse_float=str), json.loads('{"a": 1}', object_hook=lambda d: sorted(d.items())))
