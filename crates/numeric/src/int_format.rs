//! Printing integers in any base.
//!
//! Digits are always lower-case ASCII without a prefix; prefixes and grouping belong to format
//! specifications. Decimal printing of big values multiplies balanced halves in decimal.

use crate::decimal::push_magnitude;
use crate::int_parse::MAX_STR_DIGITS_THRESHOLD;
use num_bigint::{BigInt, Sign};

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

/// Room for the digits of a small value in any base, with a minus sign.
pub const SMALL_DIGITS: usize = 65;

/// The two digits of each number below a hundred.
static PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[0; 2]; 100];
    let mut n = 0;
    while n < 100 {
        pairs[n] = [b'0' + (n / 10) as u8, b'0' + (n % 10) as u8];
        n += 1;
    }
    pairs
};

/// Writes the decimal digits of a number at the end of a buffer; gives where they begin.
#[inline]
pub fn write_decimal(mut value: u64, buffer: &mut [u8]) -> usize {
    let mut at = buffer.len();
    while value >= 100 {
        at -= 2;
        buffer[at..at + 2].copy_from_slice(&PAIRS[(value % 100) as usize]);
        value /= 100;
    }
    if value >= 10 {
        at -= 2;
        buffer[at..at + 2].copy_from_slice(&PAIRS[value as usize]);
    } else {
        at -= 1;
        buffer[at] = b'0' + value as u8;
    }
    at
}

/// The digits of a small value in a base of 2..=36, with a minus sign where needed, in a buffer that they need.
pub fn small_digits(value: i64, base: u32, buffer: &mut [u8; SMALL_DIGITS]) -> &str {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let base = u64::from(base.clamp(2, 36));
    let mut rest = value.unsigned_abs();
    let mut at = buffer.len();
    if base == 10 {
        at = write_decimal(rest, buffer);
    } else if base.is_power_of_two() {
        let shift = base.trailing_zeros();
        loop {
            at -= 1;
            buffer[at] = DIGITS[(rest & (base - 1)) as usize];
            rest >>= shift;
            if rest == 0 {
                break;
            }
        }
    } else {
        loop {
            at -= 1;
            buffer[at] = DIGITS[(rest % base) as usize];
            rest /= base;
            if rest == 0 {
                break;
            }
        }
    }
    if value < 0 {
        at -= 1;
        buffer[at] = b'-';
    }
    std::str::from_utf8(&buffer[at..]).unwrap_or_default()
}

/// The same as a `String`.
#[must_use]
pub fn small_to_string(value: i64, base: u32) -> String {
    small_digits(value, base, &mut [0; SMALL_DIGITS]).to_owned()
}

/// Numbers of up to so many words are printed by dividing them by a power of ten again and again.
const FEW: usize = 24;

/// The decimal digits of a number of few words.
fn few_to_decimal(value: &BigInt) -> String {
    const POWER: u64 = 10_000_000_000_000_000_000;
    const AT_ONCE: usize = 19;
    let mut limbs: Vec<u64> = value.iter_u64_digits().collect();
    // A word has 19.3 digits.
    let mut buffer = [b'0'; FEW * 20 + 1];
    let mut at = buffer.len();
    while limbs.len() > 1 {
        let mut rest = 0;
        for limb in limbs.iter_mut().rev() {
            let wide = u128::from(rest) << 64 | u128::from(*limb);
            *limb = (wide / u128::from(POWER)) as u64;
            rest = (wide % u128::from(POWER)) as u64;
        }
        write_decimal(rest, &mut buffer[at - AT_ONCE..at]);
        at -= AT_ONCE;
        while limbs.last() == Some(&0) {
            limbs.pop();
        }
    }
    at = write_decimal(limbs.first().copied().unwrap_or(0), &mut buffer[..at]);
    if value.sign() == Sign::Minus {
        at -= 1;
        buffer[at] = b'-';
    }
    String::from_utf8_lossy(&buffer[at..]).into_owned()
}

/// The decimal digits of a number of many words: it is put together from decimal halves, whose products are quick.
fn many_to_decimal(value: &BigInt) -> String {
    // Three and a third bits a digit.
    let mut text = Vec::with_capacity(value.bits() as usize * 10 / 33 + 20);
    if value.sign() == Sign::Minus {
        text.push(b'-');
    }
    push_magnitude(value.magnitude(), &mut text);
    String::from_utf8(text).unwrap_or_default()
}

/// The digits of a number in a base that is a power of two.
fn in_bits(value: &BigInt, base: u32) -> String {
    let shift = base.trailing_zeros();
    let limbs: Vec<u64> = value.iter_u64_digits().collect();
    let bits = value.bits() as u32 as usize;
    let count = bits.div_ceil(shift as usize).max(1);
    let mut text = Vec::with_capacity(count + 1);
    if value.sign() == Sign::Minus {
        text.push(b'-');
    }
    for digit in (0..count).rev() {
        let bit = digit * shift as usize;
        let (word, offset) = (bit / 64, bit % 64);
        let mut value = limbs.get(word).map_or(0, |limb| limb >> offset);
        if offset + shift as usize > 64 {
            value |= limbs.get(word + 1).map_or(0, |limb| limb << (64 - offset));
        }
        let value = (value & u64::from(base - 1)) as u8;
        text.push(if value < 10 { b'0' + value } else { b'a' + value - 10 });
    }
    String::from_utf8(text).unwrap_or_default()
}

fn to_radix(value: &BigInt, base: u32) -> String {
    if base.is_power_of_two() && (2..=32).contains(&base) && value.bits() < 1 << 30 {
        in_bits(value, base)
    } else if base == 10 && value.bits() <= 64 * FEW as u64 {
        few_to_decimal(value)
    } else if base == 10 {
        many_to_decimal(value)
    } else {
        value.to_str_radix(base.clamp(2, 36))
    }
}

/// The digits of a big value in a base of 2..=36. `max_digits` limits bases that are not powers of
/// two, as `sys.set_int_max_str_digits` does; 0 means no limit.
pub fn big_to_string(value: &BigInt, base: u32, max_digits: usize) -> Result<String, TooManyDigits> {
    if base.is_power_of_two() || max_digits == 0 {
        return Ok(to_radix(value, base));
    }
    let error = TooManyDigits { limit: max_digits };
    // A number of b bits has at least (b - 1) * log10(2) digits: refuse before doing the work.
    let least = (value.bits().saturating_sub(1) as f64 * std::f64::consts::LOG10_2) as usize;
    if base == 10 && least > max_digits && least > MAX_STR_DIGITS_THRESHOLD {
        return Err(error);
    }
    let text = to_radix(value, base);
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
    fn few_words_read_as_they_should() {
        let mut value = BigInt::from(7);
        for round in 0..180u32 {
            for near in [-1, 0, 1].map(BigInt::from) {
                let sum: BigInt = &value + &near;
                for number in [-&sum, sum, BigInt::from(10).pow(round) + &near] {
                    for base in [2, 8, 10, 16, 32, 36] {
                        assert_eq!(big_to_string(&number, base, 0), Ok(number.to_str_radix(base)), "base {base}");
                    }
                }
            }
            value = value * 2481 + round;
        }
    }

    #[test]
    fn bases() {
        assert_eq!(small_to_string(i64::MIN, 16), "-8000000000000000");
        assert_eq!(small_to_string(0, 2), "0");
        assert_eq!(small_to_string(-35, 36), "-z");
        for number in [BigInt::from(10).pow(5000) - 1, -BigInt::from(3).pow(40_000), BigInt::from(1) << 30_000] {
            assert_eq!(big_to_string(&number, 10, 0), Ok(number.to_str_radix(10)));
        }
        let big = BigInt::from(10).pow(5000);
        assert!(big_to_string(&big, 10, 4300).is_err());
        assert!(big_to_string(&big, 10, 0).is_ok());
        assert!(big_to_string(&big, 16, 4300).is_ok());
        let limit = BigInt::from(10).pow(4300);
        assert!(big_to_string(&limit, 10, 4300).is_err());
        assert_eq!(big_to_string(&(limit - 1), 10, 4300).map(|s| s.len()), Ok(4300));
    }
}
