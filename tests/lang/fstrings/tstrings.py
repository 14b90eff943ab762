# Template strings.
name, n = "Ann", 3
t = t"hello {name!r:>10} and {n + 1} {n:{n}d}"
print(type(t).__name__, t.strings, t.values)
for i in t.interpolations:
    print(i.value, i.expression, i.conversion, i.format_spec)
print([x if isinstance(x, str) else ("interp", x.value) for x in t])


def render(template):
    out = []
    for part in template:
        out.append(part if isinstance(part, str) else f"<{part.value}>")
    return "".join(out)


print(render(t"a{1}b{'c'}d"), render(t""), render(t"{n}{n}"), render(t"plain" t" and {n}"), t"{n=}".strings, t"".strings)
print(repr(t"x{n}"), (t"a{1}" + t"b{2}").strings)
try:
    t"a" + "b"
except TypeError as e:
    print(e)
