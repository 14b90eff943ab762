//! Printing integers in any base.
//!
//! Digits are always lower-case ASCII without a prefix; prefixes and grouping belong to format
//! specifications. Decimal printing of big values splits the number by powers of ten.

use crate::int_parse::MAX_STR_DIGITS_THRESHOLD;
use num_bigint::BigInt;

/// A decimal conversion would exceed `sys.set_int_max_str_digits`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyDigits {
    /// The limit in force.
    pub limit: usize,
}

impl std::fmt::Display for TooManyDigits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Exceeds the limit ({} digits) for integer string conversion; \
             use sys.set_int_max_str_digits() to increase the limit",
            self.limit
        )
    }
}

impl std::error::Error for TooManyDigits {}

/// The digits of a small value in a base of 2..=36, with a minus sign where needed.
#[must_use]
pub fn small_to_string(value: i64, base: u32) -> String {
    if base == 10 {
        return value.to_string();
    }
    let base = u64::from(base.clamp(2, 36));
    let mut rest = value.unsigned_abs();
    let mut reversed = Vec::with_capacity(65);
    loop {
        let digit = (rest % base) as u8;
        reversed.push(if digit < 10 { b'0' + digit } else { b'a' + digit - 10 });
        rest /= base;
        if rest == 0 {
            break;
        }
    }
    if value < 0 {
        reversed.push(b'-');
    }
    reversed.iter().rev().map(|b| char::from(*b)).collect()
}

/// The digits of a big value in a base of 2..=36. `max_digits` limits bases that are not powers of
/// two, as `sys.set_int_max_str_digits` does; 0 means no limit.
pub fn big_to_string(value: &BigInt, base: u32, max_digits: usize) -> Result<String, TooManyDigits> {
    if base.is_power_of_two() || max_digits == 0 {
        return Ok(value.to_str_radix(base.clamp(2, 36)));
    }
    let error = TooManyDigits { limit: max_digits };
    // A number of b bits has at least (b - 1) * log10(2) digits: refuse before doing the work.
    let least = (value.bits().saturating_sub(1) as f64 * std::f64::consts::LOG10_2) as usize;
    if base == 10 && least > max_digits && least > MAX_STR_DIGITS_THRESHOLD {
        return Err(error);
    }
    let text = value.to_str_radix(base.clamp(2, 36));
    let digits = text.len() - usize::from(text.starts_with('-'));
    if base == 10 && digits > max_digits && digits > MAX_STR_DIGITS_THRESHOLD {
        return Err(error);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bases() {
        assert_eq!(small_to_string(i64::MIN, 16), "-8000000000000000");
        assert_eq!(small_to_string(0, 2), "0");
        assert_eq!(small_to_string(-35, 36), "-z");
        let big = BigInt::from(10).pow(5000);
        assert!(big_to_string(&big, 10, 4300).is_err());
        assert!(big_to_string(&big, 10, 0).is_ok());
        assert!(big_to_string(&big, 16, 4300).is_ok());
        let limit = BigInt::from(10).pow(4300);
        assert!(big_to_string(&limit, 10, 4300).is_err());
        assert_eq!(big_to_string(&(limit - 1), 10, 4300).map(|s| s.len()), Ok(4300));
    }
}
