//! Float arithmetic where Python differs from the machine: floor division, modulo, powers, rounding.
//!
//! The remainder takes the sign of the divisor, also when it is zero. Powers return which exception
//! or which other type Python wants instead of a NaN or an infinity.

use crate::float_format::Digits;
use crate::int_float::{IntFloatError, from_float};
use num_bigint::BigInt;

/// What `a ** b` gives for floats.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PowResult {
    /// A float.
    Float(f64),
    /// A negative base with a fractional exponent: the result is complex.
    Complex,
    /// `zero to a negative power`.
    ZeroDivision,
    /// `Numerical result out of range`.
    Overflow,
}

/// `divmod(a, b)` for `b != 0`: the floored quotient and the remainder with the sign of `b`.
#[must_use]
pub fn div_mod(a: f64, b: f64) -> (f64, f64) {
    let mut rest = a % b;
    let mut quotient = (a - rest) / b;
    if rest != 0.0 {
        if (b < 0.0) != (rest < 0.0) {
            rest += b;
            quotient -= 1.0;
        }
    } else {
        rest = f64::copysign(0.0, b);
    }
    let floored = if quotient != 0.0 {
        let floor = quotient.floor();
        if quotient - floor > 0.5 { floor + 1.0 } else { floor }
    } else {
        f64::copysign(0.0, a / b)
    };
    (floored, rest)
}

/// `a // b` for `b != 0`.
#[must_use]
pub fn floor_div(a: f64, b: f64) -> f64 {
    div_mod(a, b).0
}

/// `a % b` for `b != 0`.
#[must_use]
pub fn modulo(a: f64, b: f64) -> f64 {
    let rest = a % b;
    if rest == 0.0 {
        f64::copysign(0.0, b)
    } else if (b < 0.0) != (rest < 0.0) {
        rest + b
    } else {
        rest
    }
}

/// `a ** b`.
#[must_use]
pub fn pow(a: f64, b: f64) -> PowResult {
    use PowResult::{Complex, Float, Overflow, ZeroDivision};
    if b == 0.0 || a == 1.0 {
        return Float(1.0);
    }
    if a.is_nan() || b.is_nan() {
        return Float(f64::NAN);
    }
    let odd = b.abs() % 2.0 == 1.0;
    if b.is_infinite() {
        let size = a.abs();
        return Float(if size == 1.0 {
            1.0
        } else if (b > 0.0) == (size > 1.0) {
            f64::INFINITY
        } else {
            0.0
        });
    }
    if a.is_infinite() {
        let magnitude = if b > 0.0 { f64::INFINITY } else { 0.0 };
        return Float(if odd { f64::copysign(magnitude, a) } else { magnitude });
    }
    if a == 0.0 {
        if b < 0.0 {
            return ZeroDivision;
        }
        return Float(if odd { a } else { 0.0 });
    }
    if a < 0.0 && b != b.floor() {
        return Complex;
    }
    let result = a.powf(b);
    if result.is_infinite() { Overflow } else { Float(result) }
}

/// `float.is_integer`.
#[must_use]
pub fn is_integer(value: f64) -> bool {
    value.is_finite() && value.floor() == value
}

/// `math.floor`.
pub fn floor(value: f64) -> Result<BigInt, IntFloatError> {
    from_float(value.floor())
}

/// `math.ceil`.
pub fn ceil(value: f64) -> Result<BigInt, IntFloatError> {
    from_float(value.ceil())
}

/// `round(value)`: to the nearest integer, half to even.
pub fn round_to_int(value: f64) -> Result<BigInt, IntFloatError> {
    from_float(value.round_ties_even())
}

/// `round(value, digits)`, correctly rounded in decimal; `None` when the result overflows
/// (`rounded value too large to represent`).
#[must_use]
pub fn round_to_digits(value: f64, digits: i64) -> Option<f64> {
    // Beyond these bounds the answer is the value itself, or a zero.
    if !value.is_finite() || digits > 323 {
        return Some(value);
    }
    if digits < -308 {
        return Some(0.0 * value);
    }
    let text = if digits >= 0 {
        format!("{:.*}", digits as usize, value.abs())
    } else {
        round_whole(value.abs(), digits.unsigned_abs() as i32)
    };
    let rounded: f64 = text.parse().unwrap_or(f64::INFINITY);
    rounded.is_finite().then(|| f64::copysign(rounded, value))
}

/// The decimal text of `value` rounded half to even at `10 ** places`.
fn round_whole(value: f64, places: i32) -> String {
    let exact = Digits::significant(value, 800);
    let kept = exact.point - places;
    if kept < 0 || value == 0.0 {
        return "0".to_owned();
    }
    let (head, tail) = exact.digits.split_at((kept as usize).min(exact.digits.len()));
    // The digits carry no trailing zeros, so a tie is exactly "5".
    let odd = head.bytes().last().is_some_and(|b| (b - b'0') % 2 == 1);
    let up = tail > "5" || (tail == "5" && odd && head.len() == kept as usize);
    let head = format!("{head:0<width$}", width = kept as usize);
    let mut digits = head.into_bytes();
    if up {
        let mut i = digits.len();
        loop {
            if i == 0 {
                digits.insert(0, b'1');
                break;
            }
            i -= 1;
            if digits[i] < b'9' {
                digits[i] += 1;
                break;
            }
            digits[i] = b'0';
        }
    }
    if digits.is_empty() {
        return "0".to_owned();
    }
    format!("{}e{places}", digits.iter().map(|b| char::from(*b)).collect::<String>())
}
