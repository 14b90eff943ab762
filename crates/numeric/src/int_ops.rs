//! Integer arithmetic with Python's conventions: division floors, the remainder takes the sign of
//! the divisor, and bit operations see an infinite two's complement.
//!
//! Operations whose result may be arbitrarily larger than their operands take a limit in bits and
//! fail before allocating (`TooLarge`, which becomes a `MemoryError`), so that a bounded heap stays
//! bounded.

use crate::int_div::div_mod_floor;
use crate::int_parse::Int;
use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};

/// What can go wrong in integer arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntError {
    /// Division or modulo by zero.
    ZeroDivision,
    /// `pow()` with a modulus of zero.
    ZeroModulus,
    /// `pow()` with a negative exponent and no inverse.
    NotInvertible,
    /// A shift count below zero.
    NegativeShift,
    /// The result would exceed the caller's limit.
    TooLarge,
}

impl std::fmt::Display for IntError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::ZeroDivision => "division by zero",
            Self::ZeroModulus => "pow() 3rd argument cannot be 0",
            Self::NotInvertible => "base is not invertible for the given modulus",
            Self::NegativeShift => "negative shift count",
            Self::TooLarge => "too many digits in integer",
        })
    }
}

impl std::error::Error for IntError {}

/// `a // b` for small values; `None` when `b` is zero or the result does not fit.
#[must_use]
#[inline]
pub fn floor_div_small(a: i64, b: i64) -> Option<i64> {
    let quotient = a.checked_div(b)?;
    Some(if a % b != 0 && (a < 0) != (b < 0) { quotient - 1 } else { quotient })
}

/// `a % b` for small values; `None` when `b` is zero.
#[must_use]
#[inline]
pub fn modulo_small(a: i64, b: i64) -> Option<i64> {
    if b == 0 {
        return None;
    }
    let rest = a.wrapping_rem(b);
    Some(if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest })
}

/// `a // b`.
pub fn floor_div(a: &BigInt, b: &BigInt) -> Result<BigInt, IntError> {
    if b.is_zero() { Err(IntError::ZeroDivision) } else { Ok(div_mod_floor(a, b).0) }
}

/// `a % b`.
pub fn modulo(a: &BigInt, b: &BigInt) -> Result<BigInt, IntError> {
    if b.is_zero() { Err(IntError::ZeroDivision) } else { Ok(div_mod_floor(a, b).1) }
}

/// `divmod(a, b)`.
pub fn div_mod(a: &BigInt, b: &BigInt) -> Result<(BigInt, BigInt), IntError> {
    if b.is_zero() { Err(IntError::ZeroDivision) } else { Ok(div_mod_floor(a, b)) }
}

/// `a * b`, refusing results of more than `max_bits` bits.
pub fn mul(a: &BigInt, b: &BigInt, max_bits: u64) -> Result<BigInt, IntError> {
    if a.bits().saturating_add(b.bits()) > max_bits { Err(IntError::TooLarge) } else { Ok(a * b) }
}

/// `base ** exponent` for small values when the result fits 64 bits.
#[must_use]
pub fn pow_small(base: i64, exponent: u64) -> Option<i64> {
    match base {
        0 | 1 => Some(if exponent == 0 { 1 } else { base }),
        -1 => Some(if exponent.is_multiple_of(2) { 1 } else { -1 }),
        _ => base.checked_pow(u32::try_from(exponent).ok()?),
    }
}

/// `base ** exponent` for a non-negative exponent. A negative one makes a float, which is the
/// caller's business; here it is `TooLarge`.
pub fn pow(base: &BigInt, exponent: &BigInt, max_bits: u64) -> Result<BigInt, IntError> {
    if exponent.is_zero() || base.is_one() {
        return Ok(BigInt::one());
    }
    if base.is_zero() {
        return Ok(BigInt::zero());
    }
    if base.magnitude().is_one() {
        let odd = exponent.is_odd();
        return Ok(if odd { BigInt::from(-1) } else { BigInt::one() });
    }
    let exponent = exponent.to_u32().ok_or(IntError::TooLarge)?;
    if (base.bits() - 1).saturating_mul(u64::from(exponent)) > max_bits {
        return Err(IntError::TooLarge);
    }
    Ok(base.pow(exponent))
}

/// `pow(base, exponent, modulus)`, with the modular inverse for negative exponents. The result has
/// the sign of the modulus.
pub fn pow_mod(base: &BigInt, exponent: &BigInt, modulus: &BigInt) -> Result<BigInt, IntError> {
    if modulus.is_zero() {
        return Err(IntError::ZeroModulus);
    }
    let magnitude = BigInt::from(modulus.magnitude().clone());
    let result = if magnitude.is_one() {
        BigInt::zero()
    } else if exponent.is_negative() {
        let inverse = mod_inverse(base, &magnitude).ok_or(IntError::NotInvertible)?;
        inverse.modpow(&-exponent, &magnitude)
    } else {
        base.modpow(exponent, &magnitude)
    };
    Ok(if modulus.is_negative() && !result.is_zero() { result + modulus } else { result })
}

/// The inverse of `a` modulo a positive `n`, when there is one.
#[must_use]
pub fn mod_inverse(a: &BigInt, n: &BigInt) -> Option<BigInt> {
    let extended = a.mod_floor(n).extended_gcd(n);
    extended.gcd.is_one().then(|| extended.x.mod_floor(n))
}

/// `value << count`, refusing results of more than `max_bits` bits.
pub fn shift_left(value: &BigInt, count: &BigInt, max_bits: u64) -> Result<BigInt, IntError> {
    if count.is_negative() {
        return Err(IntError::NegativeShift);
    }
    if value.is_zero() {
        return Ok(BigInt::zero());
    }
    let count = count.to_u64().ok_or(IntError::TooLarge)?;
    if value.bits().saturating_add(count) > max_bits {
        return Err(IntError::TooLarge);
    }
    Ok(value << count)
}

/// `value << count` for a small value.
pub fn shift_left_small(value: i64, count: u64, max_bits: u64) -> Result<Int, IntError> {
    if value == 0 {
        return Ok(Int::Small(0));
    }
    if count < 64 {
        return Ok(Int::from(i128::from(value) << count));
    }
    let bits = u64::from(64 - value.unsigned_abs().leading_zeros());
    if bits.saturating_add(count) > max_bits {
        return Err(IntError::TooLarge);
    }
    Ok(Int::Big(BigInt::from(value) << count))
}

/// `value >> count`, rounding towards minus infinity.
pub fn shift_right(value: &BigInt, count: &BigInt) -> Result<BigInt, IntError> {
    if count.is_negative() {
        return Err(IntError::NegativeShift);
    }
    let floor = || if value.is_negative() { BigInt::from(-1) } else { BigInt::zero() };
    match count.to_u64() {
        Some(count) if count < value.bits() => Ok(value >> count),
        _ => Ok(floor()),
    }
}

/// `a & b`.
#[must_use]
pub fn and(a: &BigInt, b: &BigInt) -> BigInt {
    a & b
}

/// `a | b`.
#[must_use]
pub fn or(a: &BigInt, b: &BigInt) -> BigInt {
    a | b
}

/// `a ^ b`.
#[must_use]
pub fn xor(a: &BigInt, b: &BigInt) -> BigInt {
    a ^ b
}

/// `~value`.
#[must_use]
pub fn invert(value: &BigInt) -> BigInt {
    !value
}

/// `int.bit_length`: bits of the magnitude.
#[must_use]
pub fn bit_length(value: &BigInt) -> u64 {
    value.bits()
}

/// `int.bit_length` for a small value.
#[must_use]
pub fn bit_length_small(value: i64) -> u32 {
    64 - value.unsigned_abs().leading_zeros()
}

/// `int.bit_count`: ones in the magnitude.
#[must_use]
pub fn bit_count(value: &BigInt) -> u64 {
    value.magnitude().count_ones()
}

/// True when the value is below zero.
#[must_use]
pub fn is_negative(value: &BigInt) -> bool {
    value.sign() == Sign::Minus
}

/// The value as `i64` when it fits.
#[must_use]
pub fn to_i64(value: &BigInt) -> Option<i64> {
    value.to_i64()
}

/// The value as `u64` when it fits.
#[must_use]
pub fn to_u64(value: &BigInt) -> Option<u64> {
    value.to_u64()
}

/// Round half even to a multiple of `10 ** digits`, as `round(int, -digits)` does.
#[must_use]
pub fn round_to_power_of_ten(value: &BigInt, digits: u32) -> BigInt {
    // Less than half the unit rounds to zero, without making a unit that may be huge.
    if value.bits() < u64::from(digits) * 3 {
        return BigInt::zero();
    }
    let unit = BigInt::from(10).pow(digits);
    let (quotient, rest) = div_mod_floor(value, &unit);
    let twice: BigInt = rest * 2;
    let up = twice > unit || (twice == unit && quotient.is_odd());
    (if up { quotient + 1 } else { quotient }) * unit
}

/// Why `int.to_bytes` failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToBytesError {
    /// The value does not fit the length.
    TooBig,
    /// A negative value was to be written unsigned.
    NegativeToUnsigned,
}

impl std::fmt::Display for ToBytesError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::TooBig => "int too big to convert",
            Self::NegativeToUnsigned => "can't convert negative int to unsigned",
        })
    }
}

impl std::error::Error for ToBytesError {}

/// `int.to_bytes(length, byteorder, signed=…)`. The caller has made sure that `length` fits memory.
pub fn to_bytes(value: &BigInt, length: usize, big_endian: bool, signed: bool) -> Result<Vec<u8>, ToBytesError> {
    let mut bytes = if signed {
        if value.is_zero() { Vec::new() } else { value.to_signed_bytes_le() }
    } else if value.is_negative() {
        return Err(ToBytesError::NegativeToUnsigned);
    } else if value.is_zero() {
        Vec::new()
    } else {
        value.magnitude().to_bytes_le()
    };
    if bytes.len() > length {
        return Err(ToBytesError::TooBig);
    }
    bytes.resize(length, if value.is_negative() { 0xFF } else { 0 });
    if big_endian {
        bytes.reverse();
    }
    Ok(bytes)
}

/// `int.from_bytes(bytes, byteorder, signed=…)`.
#[must_use]
pub fn from_bytes(bytes: &[u8], big_endian: bool, signed: bool) -> Int {
    Int::from(match (signed, big_endian) {
        (true, true) => BigInt::from_signed_bytes_be(bytes),
        (true, false) => BigInt::from_signed_bytes_le(bytes),
        (false, true) => BigInt::from_bytes_be(Sign::Plus, bytes),
        (false, false) => BigInt::from_bytes_le(Sign::Plus, bytes),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn big(text: &str) -> BigInt {
        text.parse().unwrap_or_default()
    }

    #[test]
    fn division_floors() {
        for (a, b) in [(7, 2), (-7, 2), (7, -2), (-7, -2), (6, -3), (0, 5), (i64::MIN, -1)] {
            let (q, r) = div_mod(&BigInt::from(a), &BigInt::from(b)).unwrap_or_default();
            assert_eq!(&q * b + &r, BigInt::from(a));
            assert!(r.is_zero() || r.is_negative() == (b < 0));
            assert_eq!(modulo_small(a, b).map(BigInt::from), Some(r));
            if a != i64::MIN {
                assert_eq!(floor_div_small(a, b).map(BigInt::from), Some(q));
            }
        }
        assert_eq!(floor_div_small(i64::MIN, -1), None);
        assert_eq!(floor_div(&big("1"), &big("0")), Err(IntError::ZeroDivision));
    }

    #[test]
    fn powers() {
        assert_eq!(pow(&big("-3"), &big("3"), 1000), Ok(big("-27")));
        assert_eq!(pow(&big("2"), &big("1000000000000"), 1000), Err(IntError::TooLarge));
        assert_eq!(pow(&big("-1"), &big("1000000000001"), 1000), Ok(big("-1")));
        assert_eq!(pow_mod(&big("3"), &big("-1"), &big("7")), Ok(big("5")));
        assert_eq!(pow_mod(&big("38"), &big("-1"), &big("-97")), Ok(big("-74")));
        assert_eq!(pow_mod(&big("2"), &big("-1"), &big("4")), Err(IntError::NotInvertible));
        assert_eq!(pow_mod(&big("2"), &big("5"), &big("-5")), Ok(big("-3")));
        assert_eq!(pow_mod(&big("2"), &big("5"), &big("0")), Err(IntError::ZeroModulus));
        assert_eq!(pow_mod(&big("2"), &big("-5"), &big("1")), Ok(big("0")));
        assert_eq!(pow_small(3, 4), Some(81));
        assert_eq!(pow_small(2, 63), None);
    }

    #[test]
    fn shifts_and_bits() {
        assert_eq!(shift_right(&big("-5"), &big("1")), Ok(big("-3")));
        assert_eq!(shift_right(&big("-5"), &big("99999999999999999999")), Ok(big("-1")));
        assert_eq!(shift_right(&big("-8"), &big("4")), Ok(big("-1")));
        assert_eq!(shift_left(&big("1"), &big("99999999999999999999"), 10), Err(IntError::TooLarge));
        assert_eq!(shift_left(&big("0"), &big("99999999999999999999"), 10), Ok(big("0")));
        assert_eq!(shift_left_small(-1, 63, 100), Ok(Int::Small(i64::MIN)));
        assert_eq!(and(&big("-2"), &big("18446744073709551617")), big("18446744073709551616"));
        assert_eq!(invert(&big("-1")), big("0"));
    }

    #[test]
    fn bytes() {
        assert_eq!(to_bytes(&big("-128"), 1, true, true), Ok(vec![0x80]));
        assert_eq!(to_bytes(&big("-129"), 1, true, true), Err(ToBytesError::TooBig));
        assert_eq!(to_bytes(&big("128"), 1, true, true), Err(ToBytesError::TooBig));
        assert_eq!(to_bytes(&big("258"), 3, false, false), Ok(vec![2, 1, 0]));
        assert_eq!(to_bytes(&big("-1"), 3, false, false), Err(ToBytesError::NegativeToUnsigned));
        assert_eq!(to_bytes(&big("0"), 0, true, true), Ok(vec![]));
        assert_eq!(from_bytes(&[0xff, 0], true, true), Int::Small(-256));
        assert_eq!(from_bytes(&[], true, true), Int::Small(0));
    }

    #[test]
    fn rounding() {
        for (value, want) in [("15", "20"), ("25", "20"), ("-25", "-20"), ("26", "30")] {
            assert_eq!(round_to_power_of_ten(&big(value), 1), big(want));
        }
    }
}
