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

impl Digits {
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
    // Writing to a string cannot fail.
    let _ = write!(out, "{:.*}", format.precision, value.abs());
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
    format_float(value, FloatFormat { style: b'r', dot_zero: true, ..FloatFormat::default() })
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
