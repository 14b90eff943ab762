//! Reading integers from text with the rules of `int()`.
//!
//! The text must already be ASCII where it matters: callers turn other decimal digits and spaces
//! into ASCII first (`taipan_text` has the function for it). The invariant is that a value which
//! fits 64 bits is always returned as [`Int::Small`], so callers never see a small `BigInt`.

use num_bigint::{BigInt, BigUint, Sign};

/// An integer in its smallest form: `Big` never holds a value that fits `i64`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Int {
    /// A value that fits 64 bits.
    Small(i64),
    /// Any other value.
    Big(BigInt),
}

impl From<BigInt> for Int {
    fn from(value: BigInt) -> Self {
        match i64::try_from(&value) {
            Ok(small) => Int::Small(small),
            Err(_) => Int::Big(value),
        }
    }
}

impl From<i64> for Int {
    fn from(value: i64) -> Self {
        Int::Small(value)
    }
}

impl From<i128> for Int {
    fn from(value: i128) -> Self {
        match i64::try_from(value) {
            Ok(small) => Int::Small(small),
            Err(_) => Int::Big(BigInt::from(value)),
        }
    }
}

impl From<Int> for BigInt {
    fn from(value: Int) -> Self {
        match value {
            Int::Small(small) => BigInt::from(small),
            Int::Big(big) => big,
        }
    }
}

/// Why a text is not an integer. `InvalidLiteral` needs the original object's repr in its message,
/// which the caller adds: `invalid literal for int() with base {base}: {repr}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParseIntError {
    /// The text does not follow the grammar.
    InvalidLiteral,
    /// The base is neither 0 nor in 2..=36.
    BadBase,
    /// More digits than `sys.set_int_max_str_digits` allows.
    TooManyDigits {
        /// The limit in force.
        limit: usize,
        /// The digits that the text has.
        digits: usize,
    },
}

impl std::fmt::Display for ParseIntError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::InvalidLiteral => f.write_str("invalid literal for int()"),
            Self::BadBase => f.write_str("int() base must be >= 2 and <= 36, or 0"),
            Self::TooManyDigits { limit, digits } => write!(
                f,
                "Exceeds the limit ({limit} digits) for integer string conversion: value has \
                 {digits} digits; use sys.set_int_max_str_digits() to increase the limit"
            ),
        }
    }
}

impl std::error::Error for ParseIntError {}

/// The default of `sys.set_int_max_str_digits`.
pub const DEFAULT_MAX_STR_DIGITS: usize = 4300;
/// Conversions of up to this many digits are never limited.
pub const MAX_STR_DIGITS_THRESHOLD: usize = 640;

/// True for the bytes that `int()` and `float()` strip from ASCII text.
#[must_use]
pub fn is_ascii_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

pub(crate) fn trim(mut text: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = text {
        if !is_ascii_space(*first) {
            break;
        }
        text = rest;
    }
    while let [rest @ .., last] = text {
        if !is_ascii_space(*last) {
            break;
        }
        text = rest;
    }
    text
}

/// The value of each byte as a digit; 255 for what is none.
static DIGITS: [u8; 256] = {
    let mut table = [255; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            digit @ b'0'..=b'9' => digit - b'0',
            letter @ b'a'..=b'z' => letter - b'a' + 10,
            letter @ b'A'..=b'Z' => letter - b'A' + 10,
            _ => 255,
        };
        byte += 1;
    }
    table
};

#[inline]
fn digit_value(byte: u8) -> u8 {
    DIGITS[usize::from(byte)]
}

fn prefix_base(text: &[u8]) -> Option<u32> {
    match text {
        [b'0', b'x' | b'X', ..] => Some(16),
        [b'0', b'o' | b'O', ..] => Some(8),
        [b'0', b'b' | b'B', ..] => Some(2),
        _ => None,
    }
}

/// Parses `text` as `int(text, base)` does. `max_digits` is the limit of
/// `sys.set_int_max_str_digits`; 0 means no limit.
pub fn parse_int(text: &[u8], base: u32, max_digits: usize) -> Result<Int, ParseIntError> {
    if base != 0 && !(2..=36).contains(&base) {
        return Err(ParseIntError::BadBase);
    }
    let mut text = trim(text);
    let mut negative = false;
    if let [sign @ (b'+' | b'-'), rest @ ..] = text {
        negative = *sign == b'-';
        text = rest;
    }
    let prefix = prefix_base(text);
    let mut radix = base;
    let mut only_zero = false;
    if base == 0 {
        radix = prefix.unwrap_or(10);
        only_zero = prefix.is_none() && text.first() == Some(&b'0');
    }
    if prefix == Some(radix) {
        text = &text[2..];
        if let [b'_', rest @ ..] = text {
            text = rest;
        }
    }
    let value = parse_digits(text, radix, negative, max_digits)?;
    if only_zero && value != Int::Small(0) {
        return Err(ParseIntError::InvalidLiteral);
    }
    Ok(value)
}

/// The number that digits alone say, when there are too few for more than 64 bits.
#[inline]
fn parse_short(text: &[u8], radix: u32) -> Option<i64> {
    if text.is_empty() || text.len() > if radix <= 10 { 18 } else { 12 } {
        return None;
    }
    let mut value = 0;
    for &byte in text {
        let digit = digit_value(byte);
        if u32::from(digit) >= radix {
            return None;
        }
        value = value * i64::from(radix) + i64::from(digit);
    }
    Some(value)
}

fn parse_digits(text: &[u8], radix: u32, negative: bool, max_digits: usize) -> Result<Int, ParseIntError> {
    if let Some(value) = parse_short(text, radix) {
        return Ok(Int::Small(if negative { -value } else { value }));
    }
    let mut after_digit = false;
    let mut count = 0usize;
    let mut small = Some(0i64);
    for &byte in text {
        if byte == b'_' {
            if !after_digit {
                return Err(ParseIntError::InvalidLiteral);
            }
            after_digit = false;
            continue;
        }
        let digit = digit_value(byte);
        if u32::from(digit) >= radix {
            return Err(ParseIntError::InvalidLiteral);
        }
        after_digit = true;
        count += 1;
        let signed = if negative { -i64::from(digit) } else { i64::from(digit) };
        small = small.and_then(|v| v.checked_mul(i64::from(radix))?.checked_add(signed));
    }
    if !after_digit {
        return Err(ParseIntError::InvalidLiteral);
    }
    if max_digits > 0 && !radix.is_power_of_two() && count > MAX_STR_DIGITS_THRESHOLD && count > max_digits {
        return Err(ParseIntError::TooManyDigits { limit: max_digits, digits: count });
    }
    if let Some(small) = small {
        return Ok(Int::Small(small));
    }
    let digits: Vec<u8> = text.iter().filter(|b| **b != b'_').map(|b| digit_value(*b)).collect();
    let magnitude = magnitude_from_digits(&digits, radix);
    let sign = if negative { Sign::Minus } else { Sign::Plus };
    Ok(Int::from(BigInt::from_biguint(sign, magnitude)))
}

/// Digits converted at once before splitting pays.
const CHUNK: usize = 1024;

/// As `magnitude_from_digits`, in time that grows with the square of their number: as many digits at a time as a word holds.
fn magnitude_from_few(digits: &[u8], radix: u32) -> BigUint {
    if radix.is_power_of_two() {
        return BigUint::from_radix_be(digits, radix).unwrap_or_default();
    }
    let (mut at_once, mut power) = (1, u64::from(radix));
    while let Some(next) = power.checked_mul(u64::from(radix)) {
        power = next;
        at_once += 1;
    }
    let value = |digits: &[u8]| digits.iter().fold(0, |value, &digit| value * u64::from(radix) + u64::from(digit));
    let (first, rest) = digits.split_at(digits.len() % at_once);
    let mut limbs = vec![value(first)];
    for chunk in rest.chunks_exact(at_once) {
        let mut carry = value(chunk);
        for limb in &mut limbs {
            let wide = u128::from(*limb) * u128::from(power) + u128::from(carry);
            *limb = wide as u64;
            carry = (wide >> 64) as u64;
        }
        if carry != 0 {
            limbs.push(carry);
        }
    }
    BigUint::new(limbs.iter().flat_map(|&limb| [limb as u32, (limb >> 32) as u32]).collect())
}

fn magnitude_from_digits(digits: &[u8], radix: u32) -> BigUint {
    if radix.is_power_of_two() || digits.len() <= 2 * CHUNK {
        return magnitude_from_few(digits, radix);
    }
    // powers[k] is radix ** (CHUNK << k).
    let mut powers = vec![BigUint::from(radix).pow(CHUNK as u32)];
    while CHUNK << powers.len() < digits.len() {
        let last = &powers[powers.len() - 1];
        powers.push(last * last);
    }
    split_digits(digits, radix, &powers)
}

fn split_digits(digits: &[u8], radix: u32, powers: &[BigUint]) -> BigUint {
    let level = (0..powers.len()).rev().find(|k| CHUNK << k < digits.len());
    let Some(level) = level else {
        return magnitude_from_few(digits, radix);
    };
    let (high, low) = digits.split_at(digits.len() - (CHUNK << level));
    split_digits(high, radix, powers) * &powers[level] + split_digits(low, radix, powers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, base: u32) -> String {
        match parse_int(text.as_bytes(), base, 4300) {
            Ok(Int::Small(v)) => v.to_string(),
            Ok(Int::Big(v)) => format!("big {v}"),
            Err(ParseIntError::InvalidLiteral) => "invalid".into(),
            Err(ParseIntError::BadBase) => "base".into(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn literals() {
        for (text, base, want) in [
            (" 12\n", 10, "12"),
            ("-0b101", 0, "-5"),
            ("0b101", 2, "5"),
            ("0x_ff", 16, "255"),
            ("0o_17", 0, "15"),
            ("1__0", 10, "invalid"),
            ("1_0", 10, "10"),
            ("_1", 10, "invalid"),
            ("1_", 10, "invalid"),
            ("0_0", 0, "0"),
            ("01", 0, "invalid"),
            ("00", 0, "0"),
            ("", 10, "invalid"),
            ("-", 10, "invalid"),
            ("0x", 16, "invalid"),
            ("0b1", 16, "177"),
            ("z", 36, "35"),
            ("1", 1, "base"),
            ("1", 37, "base"),
            ("- 1", 10, "invalid"),
            ("9223372036854775807", 10, "9223372036854775807"),
            ("-9223372036854775808", 10, "-9223372036854775808"),
            ("9223372036854775808", 10, "big 9223372036854775808"),
        ] {
            assert_eq!(check(text, base), want, "{text:?} base {base}");
        }
    }

    #[test]
    fn long_text() {
        let text = "7".repeat(9000);
        assert!(check(&text, 10).contains("value has 9000 digits"));
        let Ok(Int::Big(big)) = parse_int(text.as_bytes(), 10, 0) else { panic!() };
        assert_eq!(big.to_string(), text);
        assert!(matches!(parse_int("f".repeat(9000).as_bytes(), 16, 640), Ok(Int::Big(_))));
    }
}
