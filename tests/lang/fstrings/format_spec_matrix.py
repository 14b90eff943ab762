# The format mini-language over many values and specifications, errors included.
import datetime, decimal, itertools
specs = ["", "d", "b", "o", "x", "X", "#b", "#o", "#x", "#X", "c", "n", "e", "E", "f", "F", "g", "G", "%", "s", "z", "zf", "+", "-", " ", "5", "05", "<5", ">5", "^5", "=5", "*^7", "0<5", "0>5", "0=5", "+05d", "#06x", "_", ",", "_d", ",d", "_x", "_b", ",x", "_f", ",.2f", "_.2f", ".2", ".0", ".0f", ".0e", ".3g", "#.3g", "#.0f", "#g", "08.2f", "+.1e", "é>4", "\U0001f40d^4", "{<4", "10.3", "<10s", "=10s", "010s", "+s", ",s", "#s", ".2s", "q", "5x5", "5.", ".", ".x", "--5", "99999999999999999999", ".99999999999999999999", "_,", ",_", "__", ",,", "d5", "5d ", "\x00", ".2d", "+c", "#c", ",c", ".1%", "_%", ",e", "_n", ",n", "zd", "z.1f", " z.1f", "._f", ".,f", ".3_f", ".6,f", ",.6_f", "_.6,f", ".6__f"]
values = [0, -12345, 10**20, True, -0.0, 1234567.891, 1e-7, float("-inf"), -0.0-1.5j, "é", None]
for value in values:
    results = []
    for spec in specs:
        try: results.append(repr(format(value, spec))[1:-1])
        except Exception as e: results.append(f"!{type(e).__name__}: {e}".replace(repr(type(value).__name__), "T"))
    print(repr(value))
    for (result, group) in itertools.groupby(zip(specs, results), key=lambda p: p[1]):
        print("  ", [spec for spec, _ in group], ascii(result))
class F:
    def __format__(self, spec): return 5 if spec == "bad" else "<" + spec + ">"
for text in ("{:bad}", "{:x{0}}", "{0:{1}}", "{0:{1}{2}}", "{0.__class__.__name__:>4}", "{a[b]}", "{a[0]}", "{a[-1]}", "{a[1:2]}", "{0[a]b}", "{0!}", "{0!rx}", "{0!:}", "{:{}}", "{:{}}{}", "{0:{}}", "{a.b.c}", "{ 0}", "{0 }", "{a b}", "{0..x}", "{0.}", "{0[}", "{0]}", "{{}}", "{{{0}}}", "}", "{", "{0", "{0:{", "{0:{1}", "{:{:{}}}"):
    try: print(text, "->", text.format(F(), "y", "z", a={"b": 1, "-1": 2, "1:2": 3}))
    except Exception as e: print(text, "!!", type(e).__name__, e)
