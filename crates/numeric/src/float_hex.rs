//! `float.hex` and `float.fromhex`.
//!
//! Both are exact; `fromhex` rounds half to even where the text has more bits than a float.

use crate::int_float::{decompose, scale_by_power_of_two};
use crate::int_parse::trim;

/// Why `float.fromhex` failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HexError {
    /// The text is no hexadecimal float.
    Invalid,
    /// The value is beyond the largest float.
    TooLarge,
}

impl std::fmt::Display for HexError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Invalid => "invalid hexadecimal floating-point string",
            Self::TooLarge => "hexadecimal value too large to represent as a float",
        })
    }
}

impl std::error::Error for HexError {}

/// `float.hex`.
#[must_use]
pub fn float_hex(value: f64) -> String {
    if !value.is_finite() {
        return crate::float_repr(value);
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    if value == 0.0 {
        return format!("{sign}0x0.0p+0");
    }
    let bits = value.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    let biased = ((bits >> 52) & 0x7FF) as i32;
    let (lead, exponent) = if biased == 0 { (0, -1022) } else { (1, biased - 1023) };
    format!("{sign}0x{lead}.{fraction:013x}p{exponent:+}")
}

/// `float.fromhex`.
pub fn float_from_hex(text: &[u8]) -> Result<f64, HexError> {
    let mut text = trim(text);
    let mut sign = 1.0;
    if let [first @ (b'+' | b'-'), rest @ ..] = text {
        if *first == b'-' {
            sign = -1.0;
        }
        text = rest;
    }
    for (word, value) in [("inf", f64::INFINITY), ("infinity", f64::INFINITY), ("nan", f64::NAN)] {
        if text.eq_ignore_ascii_case(word.as_bytes()) {
            return Ok(f64::copysign(value, sign));
        }
    }
    if let [b'0', b'x' | b'X', rest @ ..] = text {
        text = rest;
    }
    let (mantissa, exponent) = split_exponent(text)?;
    let value = hex_value(mantissa, exponent)?;
    Ok(sign * value)
}

fn split_exponent(text: &[u8]) -> Result<(&[u8], i64), HexError> {
    let Some(at) = text.iter().position(|b| matches!(b, b'p' | b'P')) else {
        return Ok((text, 0));
    };
    let digits = std::str::from_utf8(&text[at + 1..]).map_err(|_| HexError::Invalid)?;
    let unsigned = digits.strip_prefix(['+', '-']).unwrap_or(digits);
    if unsigned.is_empty() || !unsigned.bytes().all(|b| b.is_ascii_digit()) {
        return Err(HexError::Invalid);
    }
    // Beyond any text's length the exact exponent no longer matters.
    let magnitude = unsigned.parse::<i64>().unwrap_or(i64::MAX / 4).min(i64::MAX / 4);
    Ok((&text[..at], if digits.starts_with('-') { -magnitude } else { magnitude }))
}

fn hex_value(mantissa: &[u8], exponent: i64) -> Result<f64, HexError> {
    // Sixty bits of the leading digits, the rest folded into a sticky bit.
    let (mut bits, mut scale, mut digits) = (0u64, exponent, 0usize);
    let mut point = false;
    for &byte in mantissa {
        if byte == b'.' {
            if point {
                return Err(HexError::Invalid);
            }
            point = true;
            continue;
        }
        let digit = char::from(byte).to_digit(16).ok_or(HexError::Invalid)?;
        digits += 1;
        if bits >> 56 == 0 {
            bits = bits << 4 | u64::from(digit);
            scale -= if point { 4 } else { 0 };
        } else {
            bits |= u64::from(digit != 0);
            scale += if point { 0 } else { 4 };
        }
    }
    if digits == 0 {
        return Err(HexError::Invalid);
    }
    let value = round_bits(bits, scale);
    if value.is_infinite() { Err(HexError::TooLarge) } else { Ok(value) }
}

/// `bits * 2 ** scale`, rounded once.
fn round_bits(bits: u64, scale: i64) -> f64 {
    if bits == 0 {
        return 0.0;
    }
    let length = 64 - i64::from(bits.leading_zeros());
    // Where the last kept bit stands: 53 bits, fewer among the subnormals.
    let drop = (length - 53).max(-1074 - scale).max(0);
    if drop == 0 {
        return scale_by_power_of_two(bits as f64, scale);
    }
    if drop > length {
        return 0.0;
    }
    let kept = if drop == 64 { 0 } else { bits >> drop };
    let low = if drop == 64 { bits } else { bits & ((1 << drop) - 1) };
    let half = 1u64 << (drop - 1);
    let kept = kept + u64::from(low > half || (low == half && kept & 1 == 1));
    scale_by_power_of_two(kept as f64, scale + drop)
}

/// `float.as_integer_ratio` of a finite float: numerator and denominator in lowest terms.
#[must_use]
pub fn as_integer_ratio(value: f64) -> (crate::BigInt, crate::BigInt) {
    use crate::BigInt;
    let (mantissa, exponent) = decompose(value);
    if mantissa == 0 {
        return (BigInt::from(0), BigInt::from(1));
    }
    let zeros = mantissa.trailing_zeros() as i32;
    let (mantissa, exponent) = (BigInt::from(mantissa >> zeros), exponent + zeros);
    if exponent >= 0 {
        (mantissa << exponent as u32, BigInt::from(1))
    } else {
        (mantissa, BigInt::from(1) << exponent.unsigned_abs())
    }
}
