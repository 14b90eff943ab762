"""A small template language: tokens, a compiler to closures, filters, loops, escaping; and string.Template.

Group: text processing
Counted: 60
"""
import html
import string
import sys

PAGE = """<h1>{{ title | upper }}</h1>
{% for item in items %}<li class="{{ item.kind }}">{{ item.name | escape }}: {{ item.price }}
{% if item.sale %}<b>sale!</b>{% end %}</li>
{% end %}<p>{{ footer | escape }}</p>
"""
FILTERS = {"upper": str.upper, "escape": html.escape}


def tokens(text):
    while text:
        start = text.find("{")
        if start < 0 or text[start + 1] not in "{%":
            yield "text", text
            return
        if start:
            yield "text", text[:start]
        kind, close = ("value", "}}") if text[start + 1] == "{" else ("tag", "%}")
        end = text.index(close, start)
        yield kind, text[start + 2:end].strip()
        text = text[end + 2:]


def compile_block(source):
    parts = []
    for kind, body in source:
        if kind == "text":
            parts.append(lambda scope, body=body: body)
        elif kind == "value":
            parts.append(value(body))
        elif body == "end":
            break
        elif body.startswith("for "):
            _, name, _, where = body.split()
            parts.append(loop(name, lookup(where), compile_block(source)))
        else:
            parts.append(choice(lookup(body.split()[1]), compile_block(source)))
    return lambda scope: "".join([part(scope) for part in parts])


def lookup(path):
    first, *rest = path.split(".")

    def find(scope):
        found = scope[first]
        for name in rest:
            found = found[name]
        return found
    return find


def value(body):
    path, *filters = [word.strip() for word in body.split("|")]
    find = lookup(path)

    def render(scope):
        text = str(find(scope))
        for name in filters:
            text = FILTERS[name](text)
        return text
    return render


def loop(name, find, body):
    return lambda scope: "".join([body({**scope, name: item}) for item in find(scope)])


def choice(find, body):
    return lambda scope: body(scope) if find(scope) else ""


def main(n):
    total = 0
    letter = string.Template("Dear $name, your order $number of ${amount} things is $$ due.")
    for i in range(n):
        items = [{"name": f"thing <{k}>", "kind": "odd" if k & 1 else "even", "price": k * i, "sale": k % 5 == 0}
                 for k in range(20)]
        page = compile_block(tokens(PAGE))
        total += len(page({"title": "all things", "items": items, "footer": "a & b"}))
        total += len(letter.substitute(name="N", number=i, amount=i * 2))
        total += len(letter.safe_substitute(name="N"))
    return total


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 14_000))
