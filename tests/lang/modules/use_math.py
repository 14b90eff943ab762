# Functions of math on floats, to the last digit where they are exact.
import math

for x in (0.0, 0.5, -0.5, 1.0, 2.0, -3.7, 1e10, 1e-10):
    print(x, math.floor(x), math.ceil(x), math.trunc(x), math.fabs(x), math.frexp(x), math.modf(x), math.isfinite(x), round(math.sin(x), 12), round(math.cos(x), 12), round(math.atan(x), 12), round(math.tanh(x), 12))
print(math.ldexp(0.5, 4), math.degrees(math.pi), math.radians(180), math.cbrt(27.0), math.exp2(3), math.log2(8), math.log10(1000), math.log1p(0), math.expm1(0), math.sqrt(2), math.atan2(1, -1), math.ulp(1.0), math.nextafter(1.0, 2.0), math.remainder(7, 4), math.sumprod([1, 2], [3, 4]), math.fma(2.0, 3.0, 1.0))
print(math.isnan(math.nan), math.isinf(-math.inf), math.gcd(), math.gcd(0, 5), math.lcm(), math.e, math.tau, math.log(10**400), math.log2(2**2000), math.isqrt(2**200), math.sqrt(10**40), math.comb(100, 50), math.perm(20))
for f in (lambda: math.acos(2), lambda: math.log(-1), lambda: math.pow(0, -1), lambda: math.fmod(1, 0), lambda: math.gamma(-1), lambda: math.ldexp(1.0, 5000), lambda: math.cosh(1000), lambda: math.factorial(1.5), lambda: math.gcd(1.5), lambda: math.comb(-1, 2), lambda: math.log(1, 1), lambda: math.sqrt(None)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
print(math.pow(2, 0.5), math.hypot(1, 2, 3), math.fsum([1e16, 1, -1e16]), math.prod([]), math.prod([2, 0.5], start=3), math.erf(0), math.gamma(5), math.lgamma(1), math.copysign(2, -0.0))
