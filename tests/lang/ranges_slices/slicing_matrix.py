# Slices of every builtin sequence over a grid of bounds and steps; slice objects; assignment and deletion.
import hashlib, itertools
bounds = [None, 0, 1, 2, 4, 7, 100, -1, -2, -7, -100]
steps = [None, 1, 2, 3, 100, -1, -2, -3, -100]
kinds = {"list": list(range(6)), "tuple": tuple(range(6)), "str": "abcdef", "wide str": "añ日\U0001f40de", "bytes": b"abcdef", "bytearray": bytearray(b"abcdef"), "range": range(3, 15, 2), "memoryview": memoryview(b"abcdef"), "empty": [], "one": "x"}
for name, value in kinds.items():
    out = []
    for a, b, c in itertools.product(bounds, bounds, steps):
        piece = value[a:b:c]
        out.append(repr(bytes(piece) if isinstance(piece, memoryview) else piece))
    print(name, len(out), hashlib.sha256("|".join(out).encode()).hexdigest()[:16])
for kind in (list, bytearray):
    out = []
    for a, b, c in itertools.product(bounds, bounds, [None, 1, 2, -1, -2]):
        for new in (b"", b"x", b"xyz", b"xyzuvw"):
            s = kind(b"abcdef")
            try: s[a:b:c] = new; out.append(bytes(s))
            except ValueError as e: out.append(str(e))
        s = kind(b"abcdef"); del s[a:b:c]; out.append(bytes(s))
    print(kind.__name__, len(out), hashlib.sha256(repr(out).encode()).hexdigest()[:16])
for n in (0, 1, 5, 10**20):
    print(n, [slice(a, b, c).indices(n) for a, b, c in [(None, None, None), (1, None, None), (None, -1, None), (None, None, -1), (-3, 100, 2), (100, -100, -3), (10**30, None, -1), (0, 10**30, 10**25)]])
s = slice(1, 2, 3)
for text in ("s", "s.start, s.stop, s.step", "s == slice(1, 2, 3)", "s < slice(1, 2, 4)", "s < slice(1, 2)", "hash(s) == hash(slice(1, 2, 3))", "{s: 1}[slice(1, 2, 3)]", "hash(slice([], 1))", "slice(1) == slice(None, 1, None)", "s.start.__class__", "setattr(s, 'start', 1)", "s.__reduce__()", "slice()", "slice(1, 2, 3, 4)", "slice('a', [], {})", "slice(stop=1)", "[1, 2, 3][slice(None, None, -1)]", "[1, 2][slice('a')]", "'abc'[1:2.0]", "(1, 2)[::0]", "range(5)[::0]", "b'ab'[None:None:None]", "[1, 2][True:]", "type('S', (slice,), {})", "slice(1, 2).indices(-1)", "slice(1, 2).indices('a')", "slice(None, None, 0).indices(3)", "slice(1.5).indices(3)", "'abc'[10**30]", "'abc'[-10**30:10**30]", "range(10)[2:5][1:], range(10)[::-1][2:4], range(0)[1:], range(10**20)[::10**19]", "[*range(10)][8:2:-2], [*range(10)][-1:-5:-1]", "slice[int]", "copy(s) == s"):
    try: print(text, "->", eval(text, {**globals(), "copy": __import__("copy").copy}))
    except Exception as e: print(text, "!!", type(e).__name__, e)
class G:
    def __getitem__(self, k): return k
    def __setitem__(self, k, v): print("set", k, v)
    def __delitem__(self, k): print("del", k)
g = G(); print(g[1], g[:], g[1:2:3], g[1, 2:3, ...], g[()], g[(1,)], g[1,], g[*[1, 2]], g[*[], 3:4], g["a":"b"], g[None:...]); g[1:2] = 3; g[::2], g[1:] = "xy"; del g[:], g[1, 2]
