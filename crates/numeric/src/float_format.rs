//! Printing floats: the shortest repr and the `e`, `f`, `g` and `r` styles.
//!
//! Digits are always those of the exact binary value, correctly rounded (half to even) at any
//! precision; the layout follows CPython: exponents have two digits at least, and `r` switches to
//! an exponent below 1e-4 and from 1e16 on.

use crate::int_float::decompose;
use std::fmt::Write;

/// The decimal digits of a finite non-negative float: `0.d1d2d3… * 10 ** point`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digits {
    /// ASCII digits without trailing zeros; `"0"` for zero.
    pub digits: String,
    /// Where the decimal point stands, counted from the first digit.
    pub point: i32,
}

/// `value * 10 ** places`, rounded half to even, of a finite value whose sign does not matter; `None` where 128 bits are too few to tell.
fn scaled(value: f64, places: usize) -> Option<u128> {
    const MOST: usize = 22;
    if places > MOST {
        return None;
    }
    let (mantissa, exponent) = decompose(value.abs());
    // At most 53 and 74 bits.
    let product = u128::from(mantissa.unsigned_abs()) * 10u128.pow(places as u32);
    if exponent >= 0 {
        return (exponent as u32 <= product.leading_zeros()).then(|| product << exponent);
    }
    let shift = exponent.unsigned_abs();
    if shift >= 128 {
        // Less than a half, for the product is below 2 ** 127.
        return Some(0);
    }
    let (whole, rest) = (product >> shift, product & ((1 << shift) - 1));
    let half = 1 << (shift - 1);
    Some(whole + u128::from(rest > half || (rest == half && whole & 1 == 1)))
}

/// The decimal digits of a number, in a buffer that they need.
fn decimal(number: u128, buffer: &mut [u8; 39]) -> &str {
    let mut at = buffer.len();
    let mut rest = number;
    // Most fit 64 bits, whose divisions are cheap.
    while rest > u128::from(u64::MAX) {
        at -= 1;
        buffer[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    let mut rest = rest as u64;
    while rest > 0 || at == buffer.len() {
        at -= 1;
        buffer[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    // Digits are ASCII.
    std::str::from_utf8(&buffer[at..]).unwrap_or_default()
}

impl Digits {
    /// `significant` where few digits of a number near one are wanted.
    fn few_significant(value: f64, count: usize) -> Option<Self> {
        if count > 17 || !(1e-5..1e17).contains(&value.abs()) {
            return None;
        }
        // The logarithm may be one off where the value is next to a power of ten.
        let mut places = count as i32 - 1 - value.abs().log10().floor() as i32;
        for _ in 0..3 {
            let number = scaled(value, usize::try_from(places).ok()?)?;
            if number >= 10u128.pow(count as u32) {
                places -= 1;
            } else if number < 10u128.pow(count as u32 - 1) {
                places += 1;
            } else {
                let mut buffer = [0; 39];
                let digits = decimal(number, &mut buffer).trim_end_matches('0').to_owned();
                return Some(Self { digits, point: count as i32 - places });
            }
        }
        None
    }

    fn from_scientific(text: &str) -> Self {
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let mut digits = String::with_capacity(mantissa.len());
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        digits.push_str(whole);
        digits.push_str(fraction);
        digits.truncate(digits.trim_end_matches('0').len().max(1));
        let point = exponent.parse::<i32>().unwrap_or(0) + 1;
        Self { digits, point }
    }

    /// The shortest digits that read back as the same float.
    #[must_use]
    pub fn shortest(value: f64) -> Self {
        let mut text = String::with_capacity(25);
        let _ = write!(text, "{:e}", value.abs());
        let digits = Self::from_scientific(&text);
        // A value midway between two shortest candidates takes the even one. Only fractions of a
        // few bits can stand midway.
        let (mantissa, exponent) = decompose(value);
        let places = -(exponent + mantissa.trailing_zeros() as i32);
        if (1..=24).contains(&places) && digits.digits.ends_with(['1', '3', '5', '7', '9']) {
            let even = format!("{:.*e}", digits.digits.len() - 1, value.abs());
            if even.parse() == Ok(value.abs()) {
                return Self::from_scientific(&even);
            }
        }
        digits
    }

    /// `count` significant digits (at least one), without trailing zeros.
    #[must_use]
    pub fn significant(value: f64, count: usize) -> Self {
        // No float has more than 767 significant digits.
        let count = count.clamp(1, 800);
        if let Some(digits) = Self::few_significant(value, count) {
            return digits;
        }
        Self::from_scientific(&format!("{:.*e}", count - 1, value.abs()))
    }

    /// Digits up to `places` decimal places, without trailing zeros; no digits at all when the
    /// value rounds to zero.
    #[must_use]
    pub fn fixed(value: f64, places: usize) -> Self {
        // No float has more than 1074 decimal places.
        let text = format!("{:.*}", places.min(MOST_PLACES), value.abs());
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let all = format!("{whole}{fraction}");
        let significant = all.trim_start_matches('0');
        let zeros = all.len() - significant.len();
        let point = whole.len() as i32 - zeros as i32;
        let digits = significant.trim_end_matches('0').to_owned();
        if digits.is_empty() {
            return Self { digits, point: -(places.min(MOST_PLACES) as i32) };
        }
        Self { digits, point }
    }
}

/// How to lay a float out: one of the styles `e`, `f`, `g`, `r` and its flags.
#[derive(Clone, Copy, Debug, Default)]
pub struct FloatFormat {
    /// `e`, `E`, `f`, `F`, `g`, `G` or `r`.
    pub style: u8,
    /// Decimal places for `e` and `f`, significant digits for `g`; unused by `r`.
    pub precision: usize,
    /// Always write a sign, `+` included.
    pub plus: bool,
    /// The alternate form: keep the point, and `g` keeps its zeros.
    pub alternate: bool,
    /// Add `.0` to what would look like an integer.
    pub dot_zero: bool,
    /// Write a negative zero (after rounding) without its sign.
    pub no_negative_zero: bool,
}

/// No float has more decimal places than 1074.
const MOST_PLACES: usize = 1080;

/// The `f` style, which the standard library's own layout already has.
fn format_fixed(value: f64, format: FloatFormat) -> String {
    let mut out = String::with_capacity(format.precision + 24);
    if value.is_sign_negative() {
        out.push('-');
    } else if format.plus {
        out.push('+');
    }
    match scaled(value, format.precision) {
        Some(number) => {
            let mut buffer = [0; 39];
            let digits = decimal(number, &mut buffer);
            let whole = digits.len().saturating_sub(format.precision);
            out.push_str(if whole == 0 { "0" } else { &digits[..whole] });
            if format.precision > 0 {
                out.push('.');
                out.extend(std::iter::repeat_n('0', format.precision.saturating_sub(digits.len())));
                out.push_str(&digits[whole..]);
            }
        }
        // Writing to a string cannot fail.
        None => drop(write!(out, "{:.*}", format.precision, value.abs())),
    }
    if format.alternate && format.precision == 0 {
        out.push('.');
    }
    if format.no_negative_zero && out.starts_with('-') && out.bytes().all(|b| matches!(b, b'-' | b'.' | b'0')) {
        out.replace_range(..1, if format.plus { "+" } else { "" });
    }
    out
}

/// `repr(float)`.
#[must_use]
pub fn float_repr(value: f64) -> String {
    // Whole numbers of up to 15 digits are exact as integers.
    if value.abs() < 1e15 && value == value.trunc() && (value != 0.0 || value.is_sign_positive()) {
        let mut out = String::with_capacity(20);
        let _ = write!(out, "{}.0", value as i64);
        return out;
    }
    if let Some(text) = brief_repr(value) {
        return text;
    }
    format_float(value, FloatFormat { style: b'r', dot_zero: true, ..FloatFormat::default() })
}

/// Powers of ten for as many decimal places as most numbers have that were written by people.
const POWERS: [f64; 7] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6];

/// The repr of a float that is a decimal number of at most 15 digits, few of them behind the point. Such a number is the only one with
/// so few digits that reads as the float; and it does if the quotient of the whole number and the power of ten, which are floats both, rounds to it.
fn brief_repr(value: f64) -> Option<String> {
    let size = value.abs();
    if size < 1e-4 {
        return None;
    }
    for (places, power) in POWERS.iter().enumerate().skip(1) {
        let scaled = size * power;
        if scaled >= 1e15 {
            return None;
        }
        let whole = (scaled + 0.5) as i64;
        let near = (scaled - whole as f64).abs() <= scaled * 4e-16;
        if near && whole as f64 / power == size {
            let one = 10_i64.pow(places as u32);
            let mut text = [b'0'; 36];
            let mut at = text.len();
            let (mut fraction, mut rest) = (whole % one, whole / one);
            for _ in 0..places {
                at -= 1;
                text[at] = b'0' + (fraction % 10) as u8;
                fraction /= 10;
            }
            at -= 1;
            text[at] = b'.';
            loop {
                at -= 1;
                text[at] = b'0' + (rest % 10) as u8;
                rest /= 10;
                if rest == 0 {
                    break;
                }
            }
            if value < 0.0 {
                at -= 1;
                text[at] = b'-';
            }
            return std::str::from_utf8(&text[at..]).ok().map(String::from);
        }
    }
    None
}

/// Formats a float. Infinities and NaN are `inf` and `nan`, in capitals for capital styles.
#[must_use]
pub fn format_float(value: f64, format: FloatFormat) -> String {
    let upper = format.style.is_ascii_uppercase();
    let mut out = String::with_capacity(24);
    if !value.is_finite() {
        let text = match (value.is_nan(), upper) {
            (true, false) => "nan",
            (true, true) => "NAN",
            (false, false) => "inf",
            (false, true) => "INF",
        };
        if value == f64::NEG_INFINITY {
            out.push('-');
        } else if format.plus {
            out.push('+');
        }
        out.push_str(text);
        return out;
    }
    if matches!(format.style, b'f' | b'F') && format.precision <= MOST_PLACES && !format.dot_zero {
        return format_fixed(value, format);
    }
    let layout = Layout::new(value, format);
    let zero = layout.digits.digits.bytes().all(|b| b == b'0');
    if value.is_sign_negative() && !(zero && format.no_negative_zero) {
        out.push('-');
    } else if format.plus {
        out.push('+');
    }
    layout.write(&mut out, upper);
    out
}

struct Layout {
    digits: Digits,
    /// Write an exponent rather than a plain number.
    exponent: bool,
    /// Digits to show in all, trailing zeros included.
    shown: i32,
    keep_point: bool,
    dot_zero: bool,
}

impl Layout {
    fn new(value: f64, format: FloatFormat) -> Self {
        let precision = i32::try_from(format.precision).unwrap_or(i32::MAX / 2);
        let mut layout = Self {
            digits: Digits { digits: String::new(), point: 0 },
            exponent: false,
            shown: 0,
            keep_point: format.alternate,
            dot_zero: format.dot_zero,
        };
        match format.style.to_ascii_lowercase() {
            b'e' => {
                layout.digits = Digits::significant(value, format.precision.saturating_add(1));
                layout.exponent = true;
                layout.shown = precision.saturating_add(1);
                layout.dot_zero = false;
            }
            b'f' => {
                layout.digits = Digits::fixed(value, format.precision);
                layout.shown = layout.digits.point.saturating_add(precision);
            }
            b'g' => {
                let precision = precision.max(1);
                layout.digits = Digits::significant(value, format.precision.max(1));
                let limit = precision - i32::from(format.dot_zero);
                layout.exponent = layout.digits.point <= -4 || layout.digits.point > limit;
                if format.alternate {
                    layout.shown = precision;
                }
            }
            _ => {
                layout.digits = Digits::shortest(value);
                layout.exponent = layout.digits.point <= -4 || layout.digits.point > 16;
            }
        }
        layout
    }

    fn write(&self, out: &mut String, upper: bool) {
        let digits = self.digits.digits.as_str();
        // The digits before the point.
        let point = if self.exponent { 1 } else { self.digits.point };
        let least = if self.dot_zero && !self.exponent { point.saturating_add(1) } else { point };
        let end = self.shown.max(digits.len() as i32).max(least);
        let digit = |i: i32| usize::try_from(i).ok().and_then(|i| digits.as_bytes().get(i));
        let zeros = |out: &mut String, n: i32| out.extend(std::iter::repeat_n('0', n.max(0) as usize));
        if point <= 0 {
            out.push('0');
        } else {
            let known = point.min(digits.len() as i32);
            out.push_str(&digits[..known as usize]);
            zeros(out, point - known);
        }
        let start = point.max(0);
        if end > point.max(0) || (end > point && point < 0) {
            out.push('.');
            zeros(out, (-point).min(end.saturating_sub(point)));
            let mut i = start;
            while i < end {
                match digit(i) {
                    Some(byte) => out.push(char::from(*byte)),
                    None => {
                        zeros(out, end - i);
                        break;
                    }
                }
                i += 1;
            }
        } else if self.keep_point {
            out.push('.');
        }
        if self.exponent {
            let exponent = self.digits.point - 1;
            out.push(if upper { 'E' } else { 'e' });
            out.push(if exponent < 0 { '-' } else { '+' });
            let text = exponent.unsigned_abs().to_string();
            if text.len() < 2 {
                out.push('0');
            }
            out.push_str(&text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Digits, FloatFormat, format_float};

    #[test]
    fn few_digits_are_those_of_the_standard_library() {
        let mut seed = 1u64;
        let mut next = || {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            seed >> 11
        };
        let mut values: Vec<f64> =
            (-8..24).flat_map(|n| [1.0, 9.5, 9.999999, 2.5, 0.125].map(|m| m * 10f64.powi(n))).collect();
        values.extend((0..2000).map(|_| next() as f64 / (1u64 << (next() % 60)) as f64));
        values.extend((0..200).map(|n| f64::from(n) / 8.0));
        values.extend([0.0, f64::MIN_POSITIVE, f64::MAX, 5e-324, 1e22, 1e23, 0.5, 1.5, 2.5]);
        for value in values {
            for places in [0, 1, 2, 3, 6, 10, 17, 22, 23] {
                let format = FloatFormat { style: b'f', precision: places, ..FloatFormat::default() };
                assert_eq!(format_float(value, format), format!("{value:.places$}"));
            }
            for count in [1, 2, 6, 15, 17, 18] {
                let all = Digits::from_scientific(&format!("{:.*e}", count - 1, value));
                assert_eq!(Digits::significant(value, count), all, "{value:e} to {count}");
            }
        }
    }
}
