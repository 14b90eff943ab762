"""Writes reference.txt, the table that reference.rs checks: run it under CPython 3.14.

Each line is `operation TAB arguments… TAB result`; floats are written as hexadecimal bit patterns.
Run with PYTHONHASHSEED=42 so that the rows of text hashes hold.
"""
import math, random, struct, sys
sys.set_int_max_str_digits(0)
R = random.Random(3)
rows = []
def bits(x): return struct.pack(">d", x).hex()
def put(*a): rows.append("\t".join(map(str, a)))
def attempt(f):
    try: return f()
    except Exception as e: return "!" + str(e)
def rnd_float():
    k = R.randrange(7)
    if k == 0: return struct.unpack(">d", R.randbytes(8))[0]
    if k == 1: return R.uniform(-10, 10)
    if k == 2: return R.randrange(-1000, 1000) / 8
    if k == 3: return float(R.randrange(-10**17, 10**17))
    if k == 4: return R.uniform(-1, 1) * 10.0 ** R.randrange(-20, 25)
    if k == 5: return R.randrange(1, 200) * 5e-324
    return R.randrange(-9999, 9999) / 100
special = [0.0, -0.0, 1.0, -1.0, 0.5, 2.5, -2.5, 1e16, 1e15, 9999999999999998.0, 1e-4, 1e-5, 1e22, 1e23, 5e-324, sys.float_info.max, sys.float_info.min, 123456789.0, math.inf, -math.inf, math.nan, 0.1, 2.675, 1e300, 0.00001234]
floats = special + [rnd_float() for _ in range(40)]
for x in floats:
    put("repr", bits(x), repr(x))
    put("hex", bits(x), x.hex())
    if x == x: put("hashf", bits(x), hash(x))
    if math.isfinite(x):
        put("ratio", bits(x), *x.as_integer_ratio())
        put("rint", bits(x), round(x)); put("floor", bits(x), math.floor(x)); put("ceil", bits(x), math.ceil(x))
    for code in R.sample(["e", "f", "g", "E", "F", "G"], 3):
        p = R.choice([0, 1, 2, 3, 6, 10, 17, 25])
        flags = R.choice(["", "#", "+", "z", "+#", "z#"])
        put("fmt", bits(x), flags, code, p, format(x, ("+" if "+" in flags else "") + ("z" if "z" in flags else "") + ("#" if "#" in flags else "") + f".{p}{code}"))
    for n in R.sample(range(-25, 25), 4) + [0, 2]:
        put("round", bits(x), n, attempt(lambda: bits(round(x, n))))
for x, p, c in [(0.1, 60, "f"), (5e-324, 1100, "e"), (1e308, 5, "f"), (5e-324, 1080, "f"), (1/3, 1200, "g"), (1.5, 900, "e"), (0.5, 0, "f"), (1.5, 0, "f"), (2.5, 0, "f"), (0.125, 2, "f"), (0.375, 2, "f"), (1e21, 3, "f"), (9.5, 0, "e"), (99.9999, 3, "g"), (999999.5, 6, "g"), (0.0001, 3, "g"), (0.00001, 3, "g")]:
    for f in ("", "#"): put("fmt", bits(x), f, c, p, format(x, f"{f}.{p}{c}"))
for _ in range(150):
    a, b = R.choice(floats), R.choice(floats)
    if b != 0: put("divmod", bits(a), bits(b), *map(bits, attempt(lambda: divmod(a, b))))
    r = attempt(lambda: a ** b)
    put("pow", bits(a), bits(b), bits(r) if type(r) is float else "complex" if type(r) is complex else "complex" if r == "!complex exponentiation" else r)
for t in ["1", "1.", ".5", ".", "", "1e5", "1e", "1e+", "e5", "1_0.0_1", "1__0", "_1", "1_", "1_.5", "1._5", "1e1_0", "1e_1", "inf", "-inf", "+Infinity", "infinit", "nan", "-nan", "nan(1)", " 1.5\n", "1 5", "0x10", "1e400", "-1e400", "1e-400", "123456789012345678901234567890", "2.2250738585072011e-308", "4.9e-324", "2.4703282292062327e-324", "2.4703282292062328e-324", "9007199254740993", "1E5", "+.5e-3", "--1", "1.5f", "1d5", "\t1\v\f", "00012", "0_0", "infinity_", "1.e5"]:
    put("parsef", t.encode().hex(), attempt(lambda: bits(float(t))) if not str(attempt(lambda: bits(float(t)))).startswith("!") else "!")
for t in ["0x1p0", "1p0", "0x1.8", ".8p1", "0x.8p1", "inf", "-INFINITY", "nan", "0x1p1024", "0x1.fffffffffffff8p1023", "0x1.fffffffffffff7p1023", "0x1p-1074", "0x1p-1075", "0x1.0000000000001p-1075", "0x0.8p-1074", "0x1.00000000000008p0", "0x1.000000000000081p0", "0x1.00000000000018p0", "0x", "p1", "0x1p", "0x1p+", "0x1.2.3", "0xg", " 0x1p3 ", "-0x0p0", "0x0p99999999999999999999", "0x1p99999999999999999999", "0x1p-99999999999999999999", "0x123456789abcdef0123456789p-20", "0x000000000000000000000000001p5", "0x1.fffffffffffffp-1023", "0x0.fffffffffffffffp-1022", "+0x1p1", "1.8", "a.b"]:
    put("parsehex", t.encode().hex(), attempt(lambda: bits(float.fromhex(t))))
def rnd_int():
    k = R.choice([3, 10, 53, 54, 55, 62, 63, 64, 65, 100, 130, 500])
    return R.getrandbits(k) * R.choice([1, -1])
ints = [0, 1, -1, 2**61-1, 2**61, -2**61, 1-2**61, 2**63, -2**63, 2**63-1, 2**64, 2**53+1, 2**1024, 2**1024-2**970, 2**1024-2**970-1] + [rnd_int() for _ in range(25)]
for a in ints:
    put("hashi", a, hash(a))
    put("tofloat", a, attempt(lambda: bits(float(a))))
    put("bits", a, a.bit_length(), a.bit_count())
    for s in (0, 1): put("tobytes", a, s, attempt(lambda: a.to_bytes(18, "big", signed=bool(s)).hex()))
    for n in (1, 3, 20): put("roundint", a, n, round(a, -n))
    f = R.choice(floats)
    put("cmp", a, bits(f), "none" if f != f else (a > f) - (a < f))
    f2 = attempt(lambda: float(a))
    if type(f2) is float: put("cmp", a, bits(f2), (a > f2) - (a < f2))
for _ in range(80):
    a, b = R.choice(ints), R.choice(ints)
    r = attempt(lambda: a / b); put("truediv", a, b, bits(r) if type(r) is float else r)
    if b: put("idivmod", a, b, *divmod(a, b))
    put("bitops", a, b, a & b, a | b, a ^ b, ~a)
    m = R.choice(ints); e = R.choice([0, 1, -1, 5, -7, 200, -200])
    put("powmod", a, e, m, attempt(lambda: pow(a, e, m)))
    s = R.choice([0, 1, 5, 63, 64, 200]); put("shift", a, s, a << s, a >> s)
    put("gcd", a, b, math.gcd(a, b), math.lcm(a, b))
    put("isqrt", abs(a), math.isqrt(abs(a)))
for items in [(), (1,), (1, 2), (-1, -1), tuple(range(20)), (2**61, 0, -5), tuple(R.getrandbits(64) for _ in range(5))]:
    put("tuple", ",".join(str(hash(i)) for i in items), hash(items))
    put("frozenset", ",".join(str(hash(i)) for i in set(items)), hash(frozenset(items)))
for t in ["", "a", "abc", "abcdefg", "abcdefgh", "abcdefghi", "x" * 100, "\xe9\xff"]:
    put("bytes42", t.encode("latin-1").hex(), hash(t.encode("latin-1")), hash(t))
for t in ["\u20ac", "a\u20ac\u0100b", "\u20ac" * 5, "\u0100" * 9]:
    put("wide42", t.encode("utf-16-le").hex(), hash(t))
for t in ["\U0001f600", "a\U0001f600", "\U0001f600\u20acx"]:
    put("wider42", t.encode("utf-32-le").hex(), hash(t))
def cx():
    pool = [0.0, -0.0, 1.0, -1.0, 2.0, 0.5, math.inf, -math.inf, math.nan, 3.25, 1e200, -1e-200, 100.0, 7.0]
    return complex(R.choice(pool), R.choice(pool))
def cb(z): return z if isinstance(z, str) else bits(z.real) + "," + bits(z.imag)
for _ in range(150):
    a, b = cx(), cx(); x = R.choice([0.0, -0.0, 2.0, -1.5, math.inf, math.nan])
    put("crepr", cb(a), repr(a))
    put("chash", cb(a), hash(a)) if a == a else None
    put("cmul", cb(a), cb(b), cb(a * b)); put("cdiv", cb(a), cb(b), cb(attempt(lambda: a / b)))
    put("cmulr", cb(a), bits(x), cb(a * x)); put("cdivr", cb(a), bits(x), cb(attempt(lambda: a / x)))
    put("rdivc", bits(x), cb(a), cb(attempt(lambda: x / a))); put("rsubc", bits(x), cb(a), cb(x - a))
    put("cpow", cb(a), cb(b), cb(attempt(lambda: a ** b)))
    put("cabs", cb(a), attempt(lambda: bits(abs(a))))
for t in ["1", "1j", "j", "-j", "+j", "1+j", "1-2j", "(1+2j)", " ( 1+2j ) ", "1 + 2j", "1e5j", "1+", "1+2", "jj", "", "()", "(1", "nan+infj", "1_0+2_0j", "1__0j", "1_+2j", "inf-nanj", "1J", "+1-1j", "--1j", "1+-2j", ".5-.5j", "1j+2", "1e2+3e4j"]:
    put("parsec", t.encode().hex(), cb(attempt(lambda: complex(t))).split(":")[0])
for n, k in [(0, 0), (5, 2), (100, 50), (100, 3), (10**30, 4), (3, 5)]:
    put("comb", n, k, math.comb(n, k), math.perm(n, k))
open(__file__.rsplit("/", 1)[0] + "/reference.txt", "w").write("\n".join(rows) + "\n")
