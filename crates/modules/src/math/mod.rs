//! `math`: the functions of C's mathematical library with Python's exceptions, and integer functions.
//!
//! Invariant: a NaN that no argument was, or an infinity out of finite arguments, never leaves a function without an exception.

mod exact;
mod special;

pub use module::spec;

use taipan_heap::Value;
use taipan_macros::pymodule;
use taipan_objects::builtins::{float, int, is_none};
use taipan_objects::types::BinaryOp;
use taipan_objects::vm::{PyResult, Raised, Vm};

/// Floats below this are rounded to machine integers.
const EXACT: f64 = (1_u64 << 53) as f64;

/// A ValueError that shows the argument: `expected a nonnegative input, got -1.0`.
#[cold]
fn bad(vm: &Vm, what: &str, x: f64) -> Raised {
    vm.value_error(format!("{what}, got {}", taipan_numeric::float_repr(x)))
}

#[inline]
fn domain(vm: &Vm, x: f64, result: f64, what: &str) -> PyResult<f64> {
    if result.is_nan() && !x.is_nan() { Err(bad(vm, what, x)) } else { Ok(result) }
}

#[inline]
fn range(vm: &Vm, x: f64, result: f64) -> PyResult<f64> {
    if result.is_infinite() && x.is_finite() { Err(vm.overflow_error("math range error")) } else { Ok(result) }
}

/// The logarithm of a float or of an int of any size.
fn logarithm(vm: &Vm, value: &Value, function: fn(f64) -> f64) -> PyResult<f64> {
    if let Some(big) = int::as_big(value) {
        if big.sign() != taipan_numeric::Sign::Plus {
            return Err(vm.value_error("expected a positive input"));
        }
        return Ok(match taipan_numeric::int_float::to_float(&big) {
            Ok(x) => function(x),
            Err(_) => {
                let shift = taipan_numeric::int_ops::bit_length(&big) - 64;
                let top = big.as_ref() >> shift;
                let mantissa = taipan_numeric::int_float::to_float(&top).unwrap_or(0.0) / 18_446_744_073_709_551_616.0;
                function(mantissa) + function(2.0) * (shift + 64) as f64
            }
        });
    }
    let x = float::as_f64(vm, value)?;
    if x <= 0.0 {
        return Err(bad(vm, "expected a positive input", x));
    }
    Ok(function(x))
}

/// `n` and `k` of `comb` and `perm`: not negative.
fn natural(vm: &Vm, name: &str, value: &Value) -> PyResult<taipan_numeric::BigInt> {
    let value = int::index(vm, value)?;
    match int::as_big(&value) {
        Some(big) if big.sign() != taipan_numeric::Sign::Minus => Ok(big.into_owned()),
        _ => Err(vm.value_error(format!("{name} must be a non-negative integer"))),
    }
}

fn finish_int(vm: &Vm, result: Result<taipan_numeric::BigInt, taipan_numeric::int_ops::IntError>) -> PyResult<Value> {
    match result {
        Ok(result) => int::from_big(vm, result),
        Err(error) => Err(int::int_error(vm, error)),
    }
}

/// `floor` and `ceil`: the special method, or the float's.
fn rounded(
    vm: &Vm,
    x: &Value,
    special: Option<Value>,
    round: fn(f64) -> Result<taipan_numeric::BigInt, taipan_numeric::int_float::IntFloatError>,
) -> PyResult<Value> {
    if let Some(result) = special {
        return Ok(result);
    }
    match round(float::as_f64(vm, x)?) {
        Ok(result) => int::from_big(vm, result),
        Err(error) => Err(int::int_float_error(vm, error)),
    }
}

/// This module provides access to the mathematical functions
/// defined by the C standard.
#[pymodule(name = "math")]
mod module {
    use super::*;
    use std::f64::consts::{self, PI};
    use taipan_heap::Ref;
    use taipan_numeric::{float_ops, int_math};
    use taipan_objects::builtins::tuple::Tuple;
    use taipan_objects::native::{FuncArgs, Rest};

    #[constant(name = "pi")]
    const PI_VALUE: f64 = PI;
    #[constant(name = "e")]
    const E: f64 = consts::E;
    #[constant(name = "tau")]
    const TAU: f64 = consts::TAU;
    #[constant(name = "inf")]
    const INF: f64 = f64::INFINITY;
    #[constant(name = "nan")]
    const NAN: f64 = f64::NAN;

    /// Return the arc cosine (measured in radians) of x.
    ///
    /// The result is between 0 and pi.
    #[function]
    pub(crate) fn acos(vm: &Vm, x: f64) -> PyResult<f64> {
        domain(vm, x, x.acos(), "expected a number in range from -1 up to 1")
    }

    /// Return the arc sine (measured in radians) of x.
    ///
    /// The result is between -pi/2 and pi/2.
    #[function]
    pub(crate) fn asin(vm: &Vm, x: f64) -> PyResult<f64> {
        domain(vm, x, x.asin(), "expected a number in range from -1 up to 1")
    }

    /// Return the arc tangent (measured in radians) of x.
    ///
    /// The result is between -pi/2 and pi/2.
    #[function(fixed)]
    pub(crate) fn atan(x: f64) -> f64 {
        x.atan()
    }

    /// Return the inverse hyperbolic cosine of x.
    #[function]
    pub(crate) fn acosh(vm: &Vm, x: f64) -> PyResult<f64> {
        domain(vm, x, libm::acosh(x), "expected argument value not less than 1")
    }

    /// Return the inverse hyperbolic sine of x.
    #[function]
    pub(crate) fn asinh(x: f64) -> f64 {
        libm::asinh(x)
    }

    /// Return the inverse hyperbolic tangent of x.
    #[function]
    pub(crate) fn atanh(vm: &Vm, x: f64) -> PyResult<f64> {
        if x.abs() == 1.0 {
            return Err(bad(vm, "expected a number between -1 and 1", x));
        }
        domain(vm, x, libm::atanh(x), "expected a number between -1 and 1")
    }

    /// Return the cosine of x (measured in radians).
    #[function(fixed)]
    pub(crate) fn cos(vm: &Vm, x: f64) -> PyResult<f64> {
        domain(vm, x, x.cos(), "expected a finite input")
    }

    /// Return the sine of x (measured in radians).
    #[function(fixed)]
    pub(crate) fn sin(vm: &Vm, x: f64) -> PyResult<f64> {
        domain(vm, x, x.sin(), "expected a finite input")
    }

    /// Return the tangent of x (measured in radians).
    #[function(fixed)]
    pub(crate) fn tan(vm: &Vm, x: f64) -> PyResult<f64> {
        domain(vm, x, x.tan(), "expected a finite input")
    }

    /// Return the hyperbolic cosine of x.
    #[function]
    pub(crate) fn cosh(vm: &Vm, x: f64) -> PyResult<f64> {
        range(vm, x, x.cosh())
    }

    /// Return the hyperbolic sine of x.
    #[function]
    pub(crate) fn sinh(vm: &Vm, x: f64) -> PyResult<f64> {
        range(vm, x, x.sinh())
    }

    /// Return the hyperbolic tangent of x.
    #[function]
    pub(crate) fn tanh(x: f64) -> f64 {
        x.tanh()
    }

    /// Return the cube root of x.
    #[function]
    pub(crate) fn cbrt(x: f64) -> f64 {
        x.cbrt()
    }

    /// Return e raised to the power of x.
    #[function(fixed)]
    pub(crate) fn exp(vm: &Vm, x: f64) -> PyResult<f64> {
        range(vm, x, x.exp())
    }

    /// Return 2 raised to the power of x.
    #[function]
    pub(crate) fn exp2(vm: &Vm, x: f64) -> PyResult<f64> {
        range(vm, x, x.exp2())
    }

    /// Return exp(x)-1.
    ///
    /// This function avoids the loss of precision involved in the direct evaluation of exp(x)-1 for small x.
    #[function]
    pub(crate) fn expm1(vm: &Vm, x: f64) -> PyResult<f64> {
        range(vm, x, x.exp_m1())
    }

    /// Return the absolute value of the float x.
    #[function(fixed)]
    pub(crate) fn fabs(x: f64) -> f64 {
        x.abs()
    }

    /// Return the square root of x.
    #[function(fixed)]
    pub(crate) fn sqrt(vm: &Vm, x: f64) -> PyResult<f64> {
        domain(vm, x, x.sqrt(), "expected a nonnegative input")
    }

    /// Error function at x.
    #[function]
    pub(crate) fn erf(x: f64) -> f64 {
        libm::erf(x)
    }

    /// Complementary error function at x.
    #[function]
    pub(crate) fn erfc(x: f64) -> f64 {
        libm::erfc(x)
    }

    /// Convert angle x from radians to degrees.
    #[function]
    pub(crate) fn degrees(x: f64) -> f64 {
        x * (180.0 / PI)
    }

    /// Convert angle x from degrees to radians.
    #[function]
    pub(crate) fn radians(x: f64) -> f64 {
        x * (PI / 180.0)
    }

    /// Return True if x is neither an infinity nor a NaN, and False otherwise.
    #[function]
    pub(crate) fn isfinite(x: f64) -> bool {
        x.is_finite()
    }

    /// Return True if x is a positive or negative infinity, and False otherwise.
    #[function(fixed)]
    pub(crate) fn isinf(x: f64) -> bool {
        x.is_infinite()
    }

    /// Return True if x is a NaN (not a number), and False otherwise.
    #[function(fixed)]
    pub(crate) fn isnan(x: f64) -> bool {
        x.is_nan()
    }

    /// Return the natural logarithm of 1+x (base e).
    ///
    /// The result is computed in a way which is accurate for x near zero.
    #[function]
    pub(crate) fn log1p(vm: &Vm, x: f64) -> PyResult<f64> {
        if x <= -1.0 {
            return Err(bad(vm, "expected argument value > -1", x));
        }
        Ok(x.ln_1p())
    }

    /// Return the arc tangent (measured in radians) of y/x.
    ///
    /// Unlike atan(y/x), the signs of both x and y are considered.
    #[function]
    pub(crate) fn atan2(y: f64, x: f64) -> f64 {
        y.atan2(x)
    }

    /// Return a float with the magnitude (absolute value) of x but the sign of y.
    ///
    /// On platforms that support signed zeros, copysign(1.0, -0.0)
    /// returns -1.0.
    #[function]
    pub(crate) fn copysign(x: f64, y: f64) -> f64 {
        x.copysign(y)
    }

    /// Gamma function at x.
    #[function]
    pub(crate) fn gamma(vm: &Vm, x: f64) -> PyResult<f64> {
        match special::gamma(x) {
            Some(result) => range(vm, x, result),
            None => Err(bad(vm, "expected a noninteger or positive integer", x)),
        }
    }

    /// Natural logarithm of absolute value of Gamma function at x.
    #[function]
    pub(crate) fn lgamma(vm: &Vm, x: f64) -> PyResult<f64> {
        match special::lgamma(x) {
            Some(result) => range(vm, x, result),
            None => Err(bad(vm, "expected a noninteger or positive integer", x)),
        }
    }

    /// log(x, [base=math.e])
    /// Return the logarithm of x to the given base.
    ///
    /// If the base is not specified, returns the natural logarithm (base e) of x.
    #[function]
    fn log(vm: &Vm, args: FuncArgs<'_>) -> PyResult<f64> {
        let values = args.0.expect(vm, "log", 1, 2)?;
        let numerator = logarithm(vm, &values[0], f64::ln)?;
        let Some(base) = values.get(1) else { return Ok(numerator) };
        let denominator = logarithm(vm, base, f64::ln)?;
        if denominator == 0.0 {
            return Err(vm.zero_division_error("division by zero"));
        }
        Ok(numerator / denominator)
    }

    /// Return the base 2 logarithm of x.
    #[function]
    fn log2(vm: &Vm, x: &Value) -> PyResult<f64> {
        logarithm(vm, x, f64::log2)
    }

    /// Return the base 10 logarithm of x.
    #[function]
    fn log10(vm: &Vm, x: &Value) -> PyResult<f64> {
        logarithm(vm, x, f64::log10)
    }

    /// Return x**y (x to the power of y).
    #[function]
    fn pow(vm: &Vm, x: f64, y: f64) -> PyResult<f64> {
        let result = x.powf(y);
        if x.is_finite() && y.is_finite() {
            if result.is_nan() || (result.is_infinite() && x == 0.0) {
                return Err(vm.value_error("math domain error"));
            }
            if result.is_infinite() {
                return Err(vm.overflow_error("math range error"));
            }
        }
        Ok(result)
    }

    /// Return fmod(x, y), according to platform C.
    ///
    /// x % y may differ.
    #[function(fixed)]
    fn fmod(vm: &Vm, x: f64, y: f64) -> PyResult<f64> {
        let result = x % y;
        if result.is_nan() && !x.is_nan() && !y.is_nan() {
            return Err(vm.value_error("math domain error"));
        }
        Ok(result)
    }

    /// Difference between x and the closest integer multiple of y.
    ///
    /// Return x - n*y where n*y is the closest integer multiple of y.
    /// In the case where x is exactly halfway between two multiples of
    /// y, the nearest even value of n is used. The result is always exact.
    #[function]
    fn remainder(vm: &Vm, x: f64, y: f64) -> PyResult<f64> {
        let result = libm::remainder(x, y);
        if result.is_nan() && !x.is_nan() && !y.is_nan() {
            return Err(vm.value_error("math domain error"));
        }
        Ok(result)
    }

    /// Fused multiply-add operation.
    ///
    /// Compute (x * y) + z with a single round.
    #[function]
    fn fma(vm: &Vm, x: f64, y: f64, z: f64) -> PyResult<f64> {
        let result = x.mul_add(y, z);
        if result.is_nan() && !x.is_nan() && !y.is_nan() && !z.is_nan() {
            return Err(vm.value_error("invalid operation in fma"));
        }
        if result.is_infinite() && x.is_finite() && y.is_finite() && z.is_finite() {
            return Err(vm.overflow_error("overflow in fma"));
        }
        Ok(result)
    }

    /// Return x * (2**i).
    ///
    /// This is essentially the inverse of frexp().
    #[function]
    fn ldexp(vm: &Vm, x: f64, i: &Value) -> PyResult<f64> {
        if !int::is_int(i) {
            return Err(vm.type_error("Expected an int as second argument to ldexp."));
        }
        let exponent = int::index_clamped(vm, i)?;
        if x == 0.0 || !x.is_finite() {
            return Ok(x);
        }
        range(vm, x, taipan_numeric::int_float::scale_by_power_of_two(x, exponent.clamp(-5000, 5000)))
    }

    /// Return the mantissa and exponent of x, as pair (m, e).
    ///
    /// m is a float and e is an int, such that x = m * 2.**e.
    /// If x is 0, m and e are both 0.  Else 0.5 <= abs(m) < 1.0.
    #[function]
    fn frexp(vm: &Vm, x: f64) -> PyResult<Ref<Tuple>> {
        let (mantissa, exponent) = libm::frexp(x);
        let exponent = if x.is_finite() { exponent } else { 0 };
        Tuple::pair(vm, float::new(vm, mantissa)?, Value::small_int(exponent))
    }

    /// Return the fractional and integer parts of x.
    ///
    /// Both results carry the sign of x and are floats.
    #[function]
    fn modf(vm: &Vm, x: f64) -> PyResult<Ref<Tuple>> {
        let whole = x.trunc();
        let fraction = if x.is_infinite() { 0.0f64.copysign(x) } else { (x - whole).copysign(x) };
        Tuple::pair(vm, float::new(vm, fraction)?, float::new(vm, whole)?)
    }

    /// Return the floor of x as an Integral.
    ///
    /// This is the largest integer <= x.
    #[function(fixed)]
    fn floor(vm: &Vm, x: &Value) -> PyResult<Value> {
        if let Some(x) = x.as_float().filter(|x| x.abs() < EXACT) {
            return int::from_i64(vm, x.floor() as i64);
        }
        let special = match x.as_float() {
            Some(_) => None,
            None => vm.call_special(x, &vm.names().__floor__, &[])?,
        };
        rounded(vm, x, special, float_ops::floor)
    }

    /// Return the ceiling of x as an Integral.
    ///
    /// This is the smallest integer >= x.
    #[function(fixed)]
    fn ceil(vm: &Vm, x: &Value) -> PyResult<Value> {
        if let Some(x) = x.as_float().filter(|x| x.abs() < EXACT) {
            return int::from_i64(vm, x.ceil() as i64);
        }
        let special = match x.as_float() {
            Some(_) => None,
            None => vm.call_special(x, &vm.names().__ceil__, &[])?,
        };
        rounded(vm, x, special, float_ops::ceil)
    }

    /// Truncates the Real x to the nearest Integral toward 0.
    ///
    /// Uses the __trunc__ magic method.
    #[function]
    fn trunc(vm: &Vm, x: &Value) -> PyResult<Value> {
        match vm.call_special(x, &vm.names().__trunc__, &[])? {
            Some(result) => Ok(result),
            None => {
                let given = vm.type_name(x);
                Err(vm.type_error(format!("type {given} doesn't define __trunc__ method")))
            }
        }
    }

    /// Return the next floating-point value after x towards y.
    ///
    /// If steps is not specified, the result is the next value; otherwise it is that many steps away.
    #[function(sig = "x, y, /, *, steps=None")]
    fn nextafter(vm: &Vm, x: f64, y: f64, steps: Option<&Value>) -> PyResult<f64> {
        let steps = match steps.filter(|steps| !is_none(steps)) {
            Some(steps) => int::index_clamped(vm, steps)?,
            None => 1,
        };
        match u64::try_from(steps) {
            Ok(steps) => Ok(exact::next_after(x, y, steps)),
            Err(_) => Err(vm.value_error("steps must be a non-negative integer")),
        }
    }

    /// Return the value of the least significant bit of the float x.
    #[function]
    fn ulp(x: f64) -> f64 {
        let x = x.abs();
        if !x.is_finite() {
            return x;
        }
        let above = x.next_up();
        if above.is_infinite() { x - x.next_down() } else { above - x }
    }

    /// Determine whether two floating-point numbers are close in value.
    ///
    ///   rel_tol
    ///     maximum difference for being considered "close", relative to the
    ///     magnitude of the input values
    ///   abs_tol
    ///     maximum difference for being considered "close", regardless of the
    ///     magnitude of the input values
    #[function(sig = "a, b, *, rel_tol=1e-09, abs_tol=0.0")]
    fn isclose(vm: &Vm, a: f64, b: f64, rel_tol: f64, abs_tol: f64) -> PyResult<bool> {
        if rel_tol < 0.0 || abs_tol < 0.0 {
            return Err(vm.value_error("tolerances must be non-negative"));
        }
        if a == b {
            return Ok(true);
        }
        if a.is_infinite() || b.is_infinite() {
            return Ok(false);
        }
        let difference = (b - a).abs();
        Ok(difference <= (rel_tol * b).abs() || difference <= (rel_tol * a).abs() || difference <= abs_tol)
    }

    /// Return an accurate floating-point sum of values in the iterable seq.
    ///
    /// Assumes IEEE-754 floating-point arithmetic.
    #[function]
    fn fsum(vm: &Vm, seq: &Value) -> PyResult<f64> {
        let mut sum = exact::ExactSum::default();
        let iterator = vm.iter(seq)?;
        while let Some(item) = vm.next(&iterator)? {
            let x = float::as_f64(vm, &item)?;
            if !sum.add(x) {
                return Err(vm.overflow_error("intermediate overflow in fsum"));
            }
        }
        sum.finish().ok_or_else(|| vm.value_error("-inf + inf in fsum"))
    }

    /// Multidimensional Euclidean distance from the origin to a point.
    ///
    /// Roughly equivalent to:
    ///     sqrt(sum(x**2 for x in coordinates))
    #[function]
    fn hypot(vm: &Vm, coordinates: Rest<'_>) -> PyResult<f64> {
        let values: Vec<f64> = coordinates.0.iter().map(|x| float::as_f64(vm, x)).collect::<PyResult<_>>()?;
        Ok(exact::norm(&values))
    }

    /// Return the Euclidean distance between two points p and q.
    ///
    /// The points should be specified as sequences (or iterables) of
    /// coordinates.  Both inputs must have the same dimension.
    #[function]
    fn dist(vm: &Vm, p: &Value, q: &Value) -> PyResult<f64> {
        let (p, q) = (vm.collect(p)?, vm.collect(q)?);
        if p.len() != q.len() {
            return Err(vm.value_error("both points must have the same number of dimensions"));
        }
        let differences = p.iter().zip(&q).map(|(a, b)| Ok(float::as_f64(vm, a)? - float::as_f64(vm, b)?));
        Ok(exact::norm(&differences.collect::<PyResult<Vec<f64>>>()?))
    }

    /// Calculate the product of all the elements in the input iterable.
    ///
    /// The default start value for the product is 1.
    #[function(sig = "iterable, /, *, start=1")]
    fn prod(vm: &Vm, iterable: &Value, start: Option<&Value>) -> PyResult<Value> {
        let mut product = start.cloned().unwrap_or(Value::small_int(1));
        let iterator = vm.iter(iterable)?;
        while let Some(item) = vm.next(&iterator)? {
            product = vm.binary(BinaryOp::Mul, &product, &item)?;
        }
        Ok(product)
    }

    /// Return the sum of products of values from two iterables p and q.
    #[function]
    fn sumprod(vm: &Vm, p: &Value, q: &Value) -> PyResult<Value> {
        let (p, q) = (vm.collect(p)?, vm.collect(q)?);
        if p.len() != q.len() {
            return Err(vm.value_error("Inputs are not the same length"));
        }
        let real = |value: &Value| float::get(value).is_some() || int::as_small(value).is_some();
        let any_float = p.iter().chain(&q).any(|value| float::get(value).is_some());
        if any_float && p.iter().chain(&q).all(real) {
            let mut sum = exact::TripleSum::default();
            for (a, b) in p.iter().zip(&q) {
                sum.add_product(float::as_f64(vm, a)?, float::as_f64(vm, b)?);
            }
            return float::new(vm, sum.finish());
        }
        let mut total = Value::small_int(0);
        for (a, b) in p.iter().zip(&q) {
            let product = vm.binary(BinaryOp::Mul, a, b)?;
            total = vm.binary(BinaryOp::Add, &total, &product)?;
        }
        Ok(total)
    }

    /// Greatest Common Divisor.
    #[function]
    fn gcd(vm: &Vm, integers: Rest<'_>) -> PyResult<Value> {
        let mut result = Value::small_int(0);
        for value in integers.0 {
            let value = int::index(vm, value)?;
            result = match (int::as_small(&result), int::as_small(&value)) {
                (Some(a), Some(b)) => int::from_i128(vm, int_math::gcd_small(a, b).into())?,
                _ => match (int::as_big(&result), int::as_big(&value)) {
                    (Some(a), Some(b)) => int::from_big(vm, int_math::gcd(&a, &b))?,
                    _ => result.clone(),
                },
            };
        }
        Ok(result)
    }

    /// Least Common Multiple.
    #[function]
    fn lcm(vm: &Vm, integers: Rest<'_>) -> PyResult<Value> {
        let mut result = Value::small_int(1);
        for value in integers.0 {
            let value = int::index(vm, value)?;
            let multiple = match (int::as_big(&result), int::as_big(&value)) {
                (Some(a), Some(b)) => int_math::lcm(&a, &b),
                _ => continue,
            };
            result = int::from_big(vm, multiple)?;
        }
        Ok(result)
    }

    /// Return the integer part of the square root of the input.
    #[function(fixed)]
    fn isqrt(vm: &Vm, n: &Value) -> PyResult<Value> {
        let n = int::index(vm, n)?;
        match int::as_big(&n) {
            Some(big) if big.sign() != taipan_numeric::Sign::Minus => int::from_big(vm, int_math::isqrt(&big)),
            _ => Err(vm.value_error("isqrt() argument must be nonnegative")),
        }
    }

    /// Find n!.
    #[function]
    fn factorial(vm: &Vm, n: &Value) -> PyResult<Value> {
        let n = int::index(vm, n)?;
        match int::as_big(&n) {
            Some(big) if big.sign() == taipan_numeric::Sign::Minus => {
                Err(vm.value_error("factorial() not defined for negative values"))
            }
            Some(big) => match i64::try_from(big.as_ref()) {
                Ok(n) => finish_int(vm, int_math::factorial(n as u64, int::max_bits(vm))),
                Err(_) => Err(vm.overflow_error("factorial() argument should not exceed 9223372036854775807")),
            },
            None => Err(vm.type_error("factorial() needs an integer")),
        }
    }

    /// Number of ways to choose k items from n items without repetition and without order.
    ///
    /// Evaluates to n! / (k! * (n - k)!) when k <= n and evaluates
    /// to zero when k > n.
    #[function]
    fn comb(vm: &Vm, n: &Value, k: &Value) -> PyResult<Value> {
        let (n, k) = (natural(vm, "n", n)?, natural(vm, "k", k)?);
        if k > n {
            return Ok(Value::small_int(0));
        }
        let other = &n - &k;
        match u64::try_from(k.min(other)) {
            Ok(k) => finish_int(vm, int_math::comb(&n, k, int::max_bits(vm))),
            Err(_) => Err(vm.overflow_error("min(n - k, k) must not exceed 9223372036854775807")),
        }
    }

    /// Number of ways to choose k items from n items without repetition and with order.
    ///
    /// Evaluates to n! / (n - k)! when k <= n and evaluates
    /// to zero when k > n.
    ///
    /// If k is not specified or is None, then k defaults to n
    /// and the function returns n!.
    #[function(sig = "n, k=None, /")]
    fn perm(vm: &Vm, n: &Value, k: Option<&Value>) -> PyResult<Value> {
        let Some(k) = k.filter(|k| !is_none(k)) else { return factorial(vm, n) };
        let (n, k) = (natural(vm, "n", n)?, natural(vm, "k", k)?);
        if k > n {
            return Ok(Value::small_int(0));
        }
        match u64::try_from(k) {
            Ok(k) => finish_int(vm, int_math::perm(&n, k, int::max_bits(vm))),
            Err(_) => Err(vm.overflow_error("k must not exceed 9223372036854775807")),
        }
    }
}
