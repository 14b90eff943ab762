//! The border between integers and floats, always exact or correctly rounded.
//!
//! Nothing here goes through an intermediate rounding: comparison never converts the integer, and
//! true division rounds once, half to even, down to subnormal results.

use num_bigint::{BigInt, BigUint, Sign};
use num_integer::Integer;
use num_traits::{Signed, ToPrimitive, Zero};
use std::cmp::Ordering;

/// Why a conversion between integers and floats failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntFloatError {
    /// The integer is beyond the largest float.
    TooLargeForFloat,
    /// The quotient is beyond the largest float.
    QuotientTooLarge,
    /// Division by zero.
    ZeroDivision,
    /// A float infinity has no integer value.
    Infinity,
    /// A NaN has no integer value.
    Nan,
}

impl std::fmt::Display for IntFloatError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::TooLargeForFloat => "int too large to convert to float",
            Self::QuotientTooLarge => "integer division result too large for a float",
            Self::ZeroDivision => "division by zero",
            Self::Infinity => "cannot convert float infinity to integer",
            Self::Nan => "cannot convert float NaN to integer",
        })
    }
}

impl std::error::Error for IntFloatError {}

/// `float(int)`: rounds half to even, fails beyond the largest float.
pub fn to_float(value: &BigInt) -> Result<f64, IntFloatError> {
    match value.to_f64() {
        Some(float) if float.is_finite() => Ok(float),
        _ => Err(IntFloatError::TooLargeForFloat),
    }
}

/// Splits a finite float into a signed mantissa and a power of two: `value == m * 2 ** e`.
#[must_use]
pub fn decompose(value: f64) -> (i64, i32) {
    let bits = value.to_bits();
    let biased = ((bits >> 52) & 0x7FF) as i32;
    let fraction = (bits & ((1 << 52) - 1)) as i64;
    let (mantissa, exponent) = if biased == 0 { (fraction, -1074) } else { (fraction | 1 << 52, biased - 1075) };
    (if value.is_sign_negative() { -mantissa } else { mantissa }, exponent)
}

/// `int(float)`: truncates towards zero.
pub fn from_float(value: f64) -> Result<BigInt, IntFloatError> {
    if value.is_nan() {
        return Err(IntFloatError::Nan);
    }
    if value.is_infinite() {
        return Err(IntFloatError::Infinity);
    }
    let (mantissa, exponent) = decompose(value.trunc());
    let mantissa = BigInt::from(mantissa);
    Ok(if exponent >= 0 {
        mantissa << exponent as u32
    } else {
        // The value is integral, so the bits shifted out are zeros.
        mantissa >> exponent.unsigned_abs()
    })
}

/// Exact comparison of an integer with a float; `None` for NaN.
#[must_use]
pub fn compare(int: &BigInt, float: f64) -> Option<Ordering> {
    if float.is_nan() {
        return None;
    }
    if float.is_infinite() {
        return Some(if float > 0.0 { Ordering::Less } else { Ordering::Greater });
    }
    if int.bits() > 1024 {
        let positive = int.is_positive();
        return Some(if positive { Ordering::Greater } else { Ordering::Less });
    }
    let whole = from_float(float).ok()?;
    let fraction = float - float.trunc();
    Some(int.cmp(&whole).then_with(|| 0.0f64.partial_cmp(&fraction).unwrap_or(Ordering::Equal)))
}

/// Exact comparison of a small integer with a float; `None` for NaN.
#[must_use]
pub fn compare_small(int: i64, float: f64) -> Option<Ordering> {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if int.unsigned_abs() <= 1 << 53 {
        return (int as f64).partial_cmp(&float);
    }
    if float.is_nan() {
        None
    } else if float >= LIMIT {
        Some(Ordering::Less)
    } else if float < -LIMIT {
        Some(Ordering::Greater)
    } else {
        let whole = float.trunc();
        let fraction = float - whole;
        let order = int.cmp(&(whole as i64));
        Some(order.then_with(|| 0.0f64.partial_cmp(&fraction).unwrap_or(Ordering::Equal)))
    }
}

/// `a / b` rounded once.
pub fn true_divide(a: &BigInt, b: &BigInt) -> Result<f64, IntFloatError> {
    if b.is_zero() {
        return Err(IntFloatError::ZeroDivision);
    }
    if a.is_zero() {
        return Ok(if b.is_negative() { -0.0 } else { 0.0 });
    }
    let negative = (a.sign() == Sign::Minus) != (b.sign() == Sign::Minus);
    let magnitude = divide_magnitudes(a.magnitude(), b.magnitude())?;
    Ok(if negative { -magnitude } else { magnitude })
}

/// `a / b` for small values, rounded once.
pub fn true_divide_small(a: i64, b: i64) -> Result<f64, IntFloatError> {
    const EXACT: u64 = 1 << 53;
    if b == 0 {
        return Err(IntFloatError::ZeroDivision);
    }
    if a.unsigned_abs() <= EXACT && b.unsigned_abs() <= EXACT {
        return Ok(a as f64 / b as f64);
    }
    true_divide(&BigInt::from(a), &BigInt::from(b))
}

fn divide_magnitudes(a: &BigUint, b: &BigUint) -> Result<f64, IntFloatError> {
    let difference = a.bits() as i64 - b.bits() as i64;
    if difference > 1024 {
        return Err(IntFloatError::QuotientTooLarge);
    }
    if difference < -1076 {
        return Ok(0.0);
    }
    // Scale so that the quotient has 55 or 56 bits, but never finer than a quarter of the
    // smallest subnormal.
    let shift = (55 - difference).min(1076);
    let (quotient, rest) =
        if shift >= 0 { (a << shift as u64).div_rem(b) } else { a.div_rem(&(b << shift.unsigned_abs())) };
    let mut quotient = quotient.to_u64().unwrap_or(u64::MAX);
    if !rest.is_zero() {
        quotient |= 1;
    }
    // Keep 53 bits (fewer for subnormals, where the scale is fixed), rounding half to even.
    let extra = (64 - quotient.leading_zeros() as i64 - 53).max(shift - 1074).max(0) as u32;
    let mut mantissa = if extra >= 64 { 0 } else { quotient >> extra };
    if (1..64).contains(&extra) {
        let low = quotient & ((1 << extra) - 1);
        let half = 1u64 << (extra - 1);
        if low > half || (low == half && mantissa & 1 == 1) {
            mantissa += 1;
        }
    }
    let result = scale_by_power_of_two(mantissa as f64, i64::from(extra) - shift);
    if result.is_infinite() { Err(IntFloatError::QuotientTooLarge) } else { Ok(result) }
}

/// `value * 2 ** exponent`, correctly rounded (`ldexp`).
#[must_use]
pub fn scale_by_power_of_two(value: f64, exponent: i64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let (mantissa, base) = decompose(value);
    let bits = 64 - mantissa.unsigned_abs().leading_zeros() as i64;
    let exponent = i64::from(base).saturating_add(exponent);
    let sign = if mantissa < 0 { -1.0 } else { 1.0 };
    if bits.saturating_add(exponent) > 1024 {
        return sign * f64::INFINITY;
    }
    if bits.saturating_add(exponent) < -1074 {
        return sign * 0.0;
    }
    let mut magnitude = mantissa.unsigned_abs();
    let mut exponent = exponent;
    if exponent < -1074 {
        let drop = (-1074 - exponent) as u32;
        let kept = if drop >= 64 { 0 } else { magnitude >> drop };
        let low = if drop >= 64 { magnitude } else { magnitude & ((1 << drop) - 1) };
        let half = if drop > 64 { u64::MAX } else { 1u64 << (drop - 1) };
        magnitude = kept + u64::from(low > half || (low == half && kept & 1 == 1));
        exponent = -1074;
    }
    // Both factors are exact and so is the product: the magnitude now fits the result's precision.
    let mut result = magnitude as f64;
    while exponent > 1000 {
        result *= power_of_two(1000);
        exponent -= 1000;
    }
    while exponent < -1000 {
        result *= power_of_two(-1000);
        exponent += 1000;
    }
    sign * result * power_of_two(exponent as i32)
}

fn power_of_two(exponent: i32) -> f64 {
    f64::from_bits(((exponent + 1023) as u64) << 52)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn big(text: &str) -> BigInt {
        text.parse().unwrap_or_default()
    }

    #[test]
    fn division_rounds_once() {
        let cases = [
            ("1", "3", 1.0 / 3.0),
            ("-7", "2", -3.5),
            ("9007199254740993", "1", 9007199254740992.0),
            ("9007199254740995", "1", 9007199254740996.0),
            ("100000000000000000000000", "10000000000000000000000", 10.0),
        ];
        for (a, b, want) in cases {
            assert_eq!(true_divide(&big(a), &big(b)), Ok(want), "{a}/{b}");
        }
        let huge = BigInt::from(1) << 2000u32;
        assert_eq!(true_divide(&huge, &(BigInt::from(1) << 3074u32)), Ok(f64::from_bits(1)));
        assert_eq!(true_divide(&huge, &(BigInt::from(1) << 3075u32)), Ok(0.0));
        assert_eq!(true_divide(&(&huge + 1), &(BigInt::from(1) << 3075u32)), Ok(f64::from_bits(1)));
        assert_eq!(true_divide(&huge, &big("1")), Err(IntFloatError::QuotientTooLarge));
        assert_eq!(true_divide(&huge, &big("0")), Err(IntFloatError::ZeroDivision));
        for e in [1023u32, 1000, 52, 0] {
            let value = BigInt::from(1) << e;
            assert_eq!(true_divide(&value, &big("1")), Ok(2f64.powi(e as i32)));
        }
    }

    #[test]
    fn ldexp() {
        assert_eq!(scale_by_power_of_two(1.0, -1074), f64::from_bits(1));
        assert_eq!(scale_by_power_of_two(1.0, -1075), 0.0);
        assert_eq!(scale_by_power_of_two(1.5, -1075), f64::from_bits(1));
        assert_eq!(scale_by_power_of_two(3.0, -1075), f64::from_bits(2));
        assert_eq!(scale_by_power_of_two(f64::from_bits(1), 2097), 2f64.powi(1023));
        assert_eq!(scale_by_power_of_two(-1.0, 1024), f64::NEG_INFINITY);
        assert_eq!(scale_by_power_of_two(f64::MAX, 0), f64::MAX);
    }

    #[test]
    fn comparison_is_exact() {
        let int = big("9007199254740993");
        assert_eq!(compare(&int, 9007199254740992.0), Some(Ordering::Greater));
        assert_eq!(compare_small(9007199254740993, 9007199254740992.0), Some(Ordering::Greater));
        assert_eq!(compare_small(i64::MAX, 9.3e18), Some(Ordering::Less));
        assert_eq!(compare_small(i64::MAX, 9223372036854775808.0), Some(Ordering::Less));
        assert_eq!(compare_small(i64::MIN, -9223372036854775808.0), Some(Ordering::Equal));
        assert_eq!(compare(&big("-1"), -0.5), Some(Ordering::Less));
        assert_eq!(compare(&big("0"), -0.5), Some(Ordering::Greater));
        assert_eq!(compare(&int, f64::NAN), None);
        assert_eq!(compare(&(BigInt::from(1) << 2000u32), f64::MAX), Some(Ordering::Greater));
    }

    #[test]
    fn truncation() {
        assert_eq!(from_float(-2.9), Ok(big("-2")));
        assert_eq!(from_float(1e22), Ok(big("10000000000000000000000")));
        assert_eq!(from_float(0.1), Ok(big("0")));
        assert_eq!(from_float(f64::NAN), Err(IntFloatError::Nan));
    }
}
