# Every builtin function over ordinary and odd arguments: results and messages in one table.
import warnings
warnings.simplefilter("ignore")
class Index:
    def __index__(self): return 3
class Odd:
    def __repr__(self): return "odd"
arguments = ["None", "True", "0", "-7", "3.7", "float('inf')", "2+3j", "''", "'ab'", "b'xy'", "[]", "[3, 1, 2]", "(1, 2)", "{}", "{'a': 1}", "{5}", "range(3)", "Index()", "Odd()", "int", "len", "...", "iter([1, 2])", "bytearray(b'q')", "memoryview(b'zz')", "[[1, 2], [3, 4]]", "10**20", "'é'", "slice(1, 2)"]
functions = "abs all any ascii bin bool bytearray bytes callable chr complex dict divmod enumerate filter float format frozenset hash hex int isinstance issubclass iter len list map max memoryview min next oct ord pow range repr reversed round set slice sorted str sum tuple type zip aiter anext vars dir getattr hasattr id compile exec eval property classmethod staticmethod super object".split()
def short(value):
    if type(value).__name__ in ("odict", "code"): return type(value).__name__
    text = ascii(value) if not isinstance(value, (set, frozenset)) else type(value).__name__ + ascii(sorted(value, key=str))
    return type(value).__name__ if " at 0x" in text or len(text) > 70 else text
for name in functions:
    if name in ("id", "hash", "exec", "eval", "dir", "vars", "object", "super"): continue
    row = {}
    for argument in arguments:
        if name in ("bytes", "bytearray") and argument == "10**20": continue
        try: result = short(eval(f"{name}({argument})"))
        except Exception as e: result = f"{type(e).__name__}: {e}".replace("'" + type(eval(argument)).__name__ + "'", "T").split(" at 0x")[0]
        row.setdefault(result if result != "memory_iterator" else "iterator", []).append(argument)
    print(name)
    for result, group in row.items(): print("  ", result, "<-", ", ".join(group))
for call in ("divmod(7, -2)", "divmod(-7.5, 2)", "divmod(1, 'a')", "pow(2, 10, 1000)", "pow(2, -1)", "pow(0, 0)", "pow(-8, 1/3)", "round(2.5), round(3.5), round(-2.5), round(2.675, 2), round(1234, -2), round(5, 2), round(1e20), round(0.5), round(2.5, None)", "sum([1, 2.5, True])", "sum([[1], [2]], [])", "sum([0.1] * 10), sum([1e100, 1, -1e100])", "sum([1, 2], start=10)", "max('a', 'B', key=str.lower)", "min([], default=None)", "max(1, 2, key=None)", "max([1], [2])", "sorted('bca', reverse=True)", "sorted({'b': 1, 'a': 2})", "int('11', 2), int('0b11', 0), int('zz', 36), int(' 1_0 ')", "float(' 1e3 '), float('-inf'), float('1_0.0')", "complex('1+2j'), complex(1, 2), complex('j'), complex(real=1, imag=2)", "bool([]), bool([0]), bool(0.0), bool('False')", "chr(0x1f40d), ord('\\U0001f40d'), chr(65)", "hex(255), oct(8), bin(-5), hex(-2**70)", "list(zip('ab', [1, 2, 3])), list(zip()), list(zip('a', strict=True))", "list(enumerate('ab', 5))", "list(map(lambda *a: a, 'ab', [1, 2, 3]))", "list(filter(None, [0, 1, '', 'a'])), list(filter(str.isupper, 'aBc'))", "list(reversed('abc')), list(reversed(range(3))), list(reversed({1: 2}))", "any([]), all([]), any([0, []]), all([1, [0]])", "isinstance(True, int), isinstance(1, (str, int)), isinstance(1, int | None), isinstance(None, int | None)", "issubclass(bool, int), issubclass(int, object), issubclass(int, (str, object))", "callable(len), callable(int), callable(1), callable(lambda: 0), callable(Odd), callable(Odd())", "getattr(1, 'real'), getattr(1, 'x', 'd'), getattr('a', 'upper')()", "hasattr(1, 'real'), hasattr(1, 'x')", "type(1) is int, type('X', (), {}).__name__, type(type)", "next(iter([1])), next(iter([]), 'd')", "list(iter([1, 2, 3].pop, 1))", "format(3.14159, '.2f'), format(255, '#x'), format('a', '>3'), format(True), format(None)", "eval('1 + x', {'x': 2}), eval('x', {'x': 1}, {'x': 5}), eval(compile('3 * 4', '', 'eval')), eval(' 1')", "exec('y = 1'), exec(compile('z = 2', '', 'exec')), exec(b'w = 3')", "hash(1) == hash(1.0) == hash(True), hash(2**61 - 1), hash(-1), hash(0.5), hash(float('inf')), hash(1j), hash(None) == hash(None)", "ascii('aé日\\U0001f40d'), repr('a\\'b\"\\n\\x00'), str(b'a'), str(b'\\xe9', 'latin-1')", "bytes([1, 2]), bytes(3), bytes('é', 'utf-8'), bytes(Index()), bytes(range(3)), bytes(bytearray(b'a'))", "range(10)[2:8:3], range(5) == range(0, 5, 1), 3 in range(5), 3.0 in range(5), range(5).index(2), range(5).count(9), hash(range(3)) == hash(range(0, 3))", "dir([])[:2], [n for n in dir(type('D', (), {'b': 1, 'a': 2})) if n[0] != '_']", "vars(type('V', (), {'q': 1}))['q']", "abs(-5), abs(-0.0), abs(3+4j), abs(True)", "print('a', 1, sep='-', end='|\\n')", "__import__('math').pi", "input.__name__, open.__name__, print.__self__.__name__, len.__module__", "frozenset([1]) | {2}, set('aab') == {'a', 'b'}, tuple('ab'), list((1,)), dict([(1, 2)], a=3)", "object() == object(), object().__class__, object.__doc__.splitlines()[0]", "memoryview(b'ab')[0], memoryview(b'ab').tolist(), bytes(memoryview(b'abc')[::2])", "id(1) == id(1), id(None) == id(None)", "staticmethod(len)('ab'), classmethod(len).__func__('ab'), property(len).fget('ab')", "super(bool, True).__repr__(), super(int, 1).__class__.__name__"):
    try: print(call, "->", eval(call))
    except Exception as e: print(call, "!!", type(e).__name__, e)
