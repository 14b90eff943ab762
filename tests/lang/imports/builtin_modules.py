# Modules that are always there.
import builtins
import gc
import math
import sys
import time

print(math.pi, math.sqrt(2), math.floor(-1.5), math.ceil(1.2), math.gcd(12, 18), math.factorial(10), math.hypot(3, 4), math.log(8, 2), math.isclose(0.1 + 0.2, 0.3), math.inf, math.trunc(-2.7), math.fsum([0.1] * 10), math.comb(5, 2), math.perm(5, 2), math.isqrt(10**20), math.copysign(1, -0.0), math.fmod(-7, 3), math.lcm(4, 6), math.prod([1, 2, 3]), math.dist([0, 0], [3, 4]))
for f in (lambda: math.sqrt(-1), lambda: math.log(0), lambda: math.factorial(-1), lambda: math.floor("x"), lambda: math.exp(1000), lambda: math.ceil(math.inf), lambda: math.isqrt(-1), lambda: math.sqrt("a")):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
print(sys.version_info[:2], sys.maxsize, sys.byteorder, sys.implementation.name != "", sys.maxunicode, sys.float_info.max, sys.int_info.bits_per_digit > 0, isinstance(sys.path, list), sys.getrecursionlimit())
t = time.time()
p = time.perf_counter()
time.sleep(0.01)
print(time.time() >= t, time.perf_counter() - p >= 0.009, time.monotonic() > 0, isinstance(time.time_ns(), int), time.gmtime(0)[:6], time.strftime("%Y-%m-%d", time.gmtime(86400)))
print(builtins.len is len, builtins.__name__, gc.__name__, "print" in dir(builtins), sys.modules["builtins"] is builtins)
builtins.custom_builtin = lambda: "reachable everywhere"
print(custom_builtin())
del builtins.custom_builtin
try:
    custom_builtin
except NameError as e:
    print(e)
real = print
print = lambda *a: real("shadowed", *a)
print(1)
del print
print(2)
print(sorted(n for n in dir(builtins) if n[0].islower() and len(n) <= 4))
