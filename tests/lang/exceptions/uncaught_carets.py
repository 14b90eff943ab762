# Carets under the failing part of a long line.
data = {"list": [1, 2, {"deep": None}], "text": "é中😀"}


def compute(a, b, *, key=None):
    return (a + b) * data["list"][2]["deep"][key] + len(data)


def call(x):
    return compute(x, 2, key="missing") if x else data.nothing.at.all


result = [call(i) for i in range(3, 4)][0] + data["text"].upper()
