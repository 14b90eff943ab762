# tokenize: tokens with comments and blank lines, ends without a newline, errors; what inspect finds with them.
import inspect
import io
import tokenize

SOURCES = ["", "a", "a # c", "  x", "if x:\n  y", "if x:\n  y\n  # end", "a\\\nb\n", "\n\n# only\n", "x = '''a\nb''' + f'{y!r:>{w}}{{z' # é\n", "é = 'ü' ; (\n # in\n\n 1,\n)\n",
    "def f():\n\tif a:\n\t\tb\n\n\t# back\nc\n", "'abc", "(", "(\n1,\n", "if x:\n    a\n  b\n", "x = $\n", "t'{x=}' rb'\\n' 0xFF 1_0.5j ... -> := != **=\n", "class A: pass;\n", "if x:\n  if y: z"]
for source in SOURCES:
    print(repr(source))
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            print("  ", tokenize.tok_name[token.type], tokenize.tok_name[token.exact_type], token.string.encode(), token.start, token.end, token.line.encode())
    except (tokenize.TokenError, IndentationError) as e:
        print("  ", type(e).__name__, e)
print([token.string for token in tokenize.tokenize(io.BytesIO(b"# coding: latin-1\nx = '\xe9'\n").readline)])
print(tokenize.untokenize(tokenize.generate_tokens(io.StringIO("x = ( 1,\n   2 ) # c\n").readline)))


def documented(a, b: int = 3, *c, d=(1,
        2), **e):
    """Says
    something."""
    return lambda: [a,
        b]


@staticmethod
class Decorated:
    # with a comment
    def method(self): pass


print(inspect.getsource(documented), inspect.signature(documented), inspect.getdoc(documented))
print(inspect.getsource(Decorated.__func__ if isinstance(Decorated, staticmethod) else Decorated), inspect.getcomments(documented))
print(inspect.signature(len), inspect.signature(int.from_bytes), inspect.signature(dict.fromkeys), inspect.signature(int.to_bytes), inspect.getfullargspec(documented).defaults)
