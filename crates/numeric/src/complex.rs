//! Complex numbers: arithmetic, repr and parsing.
//!
//! A real operand is never widened to a complex one where that would disturb signed zeros or
//! infinities: the mixed operations have functions of their own, as in CPython 3.14.

use crate::float_format::{FloatFormat, format_float};
use crate::float_parse::parse_float_prefix;
use crate::int_parse::trim;

/// A complex value.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Complex {
    /// The real part.
    pub real: f64,
    /// The imaginary part.
    pub imag: f64,
}

/// Why a complex operation failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComplexError {
    /// Division by zero.
    ZeroDivision,
    /// Zero to a negative or complex power.
    ZeroPower,
    /// The power overflows.
    Overflow,
}

impl std::fmt::Display for ComplexError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::ZeroDivision => "division by zero",
            Self::ZeroPower => "zero to a negative or complex power",
            Self::Overflow => "complex exponentiation",
        })
    }
}

impl std::error::Error for ComplexError {}

impl Complex {
    /// A complex from its parts.
    #[must_use]
    pub fn new(real: f64, imag: f64) -> Self {
        Self { real, imag }
    }

    fn is_finite(self) -> bool {
        self.real.is_finite() && self.imag.is_finite()
    }

    fn is_infinite(self) -> bool {
        self.real.is_infinite() || self.imag.is_infinite()
    }
}

/// `a + b`.
#[must_use]
pub fn add(a: Complex, b: Complex) -> Complex {
    Complex::new(a.real + b.real, a.imag + b.imag)
}

/// `a + b` for a real `b` (or the reverse).
#[must_use]
pub fn add_real(a: Complex, b: f64) -> Complex {
    Complex::new(a.real + b, a.imag)
}

/// `a - b`.
#[must_use]
pub fn sub(a: Complex, b: Complex) -> Complex {
    Complex::new(a.real - b.real, a.imag - b.imag)
}

/// `a - b` for a real `b`.
#[must_use]
pub fn sub_real(a: Complex, b: f64) -> Complex {
    Complex::new(a.real - b, a.imag)
}

/// `a - b` for a real `a`.
#[must_use]
pub fn real_sub(a: f64, b: Complex) -> Complex {
    Complex::new(a - b.real, -b.imag)
}

/// `a * b` for a real `b` (or the reverse).
#[must_use]
pub fn mul_real(a: Complex, b: f64) -> Complex {
    Complex::new(a.real * b, a.imag * b)
}

/// An infinite part becomes a signed one, a finite part a signed zero.
fn box_infinity(z: Complex) -> Complex {
    let unit = |x: f64| f64::copysign(if x.is_infinite() { 1.0 } else { 0.0 }, x);
    Complex::new(unit(z.real), unit(z.imag))
}

fn nan_to_zero(x: f64) -> f64 {
    if x.is_nan() { f64::copysign(0.0, x) } else { x }
}

/// `a * b`; an infinity times a non-zero is an infinity, as in C's Annex G.
#[must_use]
pub fn mul(a: Complex, b: Complex) -> Complex {
    let (ac, bd) = (a.real * b.real, a.imag * b.imag);
    let (ad, bc) = (a.real * b.imag, a.imag * b.real);
    let result = Complex::new(ac - bd, ad + bc);
    if !(result.real.is_nan() && result.imag.is_nan()) {
        return result;
    }
    let (mut z, mut w, mut recover) = (a, b, false);
    let clean = |z: Complex| Complex::new(nan_to_zero(z.real), nan_to_zero(z.imag));
    if z.is_infinite() {
        z = box_infinity(z);
        w = clean(w);
        recover = true;
    }
    if w.is_infinite() {
        w = box_infinity(w);
        z = clean(z);
        recover = true;
    }
    if !recover && [ac, bd, ad, bc].iter().any(|x| x.is_infinite()) {
        z = clean(z);
        w = clean(w);
        recover = true;
    }
    if !recover {
        return result;
    }
    Complex::new(
        f64::INFINITY * (z.real * w.real - z.imag * w.imag),
        f64::INFINITY * (z.real * w.imag + z.imag * w.real),
    )
}

/// `a / b`, scaled by the larger part of `b` so that it does not overflow needlessly.
pub fn div(a: Complex, b: Complex) -> Result<Complex, ComplexError> {
    let (abs_real, abs_imag) = (b.real.abs(), b.imag.abs());
    let result = if abs_real >= abs_imag {
        if abs_real == 0.0 {
            return Err(ComplexError::ZeroDivision);
        }
        let ratio = b.imag / b.real;
        let denominator = b.real + b.imag * ratio;
        Complex::new((a.real + a.imag * ratio) / denominator, (a.imag - a.real * ratio) / denominator)
    } else if abs_imag >= abs_real {
        let ratio = b.real / b.imag;
        let denominator = b.real * ratio + b.imag;
        Complex::new((a.real * ratio + a.imag) / denominator, (a.imag * ratio - a.real) / denominator)
    } else {
        Complex::new(f64::NAN, f64::NAN)
    };
    if result.real.is_nan() && result.imag.is_nan() {
        return Ok(recover_quotient(a, b, result));
    }
    Ok(result)
}

fn recover_quotient(a: Complex, b: Complex, nan: Complex) -> Complex {
    if a.is_infinite() && b.is_finite() {
        let x = box_infinity(a);
        return Complex::new(
            f64::INFINITY * (x.real * b.real + x.imag * b.imag),
            f64::INFINITY * (x.imag * b.real - x.real * b.imag),
        );
    }
    if b.is_infinite() && a.is_finite() {
        let y = box_infinity(b);
        return Complex::new(0.0 * (a.real * y.real + a.imag * y.imag), 0.0 * (a.imag * y.real - a.real * y.imag));
    }
    nan
}

/// `a / b` for a real `b`.
pub fn div_real(a: Complex, b: f64) -> Result<Complex, ComplexError> {
    if b == 0.0 { Err(ComplexError::ZeroDivision) } else { Ok(Complex::new(a.real / b, a.imag / b)) }
}

/// `a / b` for a real `a`.
pub fn real_div(a: f64, b: Complex) -> Result<Complex, ComplexError> {
    let (abs_real, abs_imag) = (b.real.abs(), b.imag.abs());
    let result = if abs_real >= abs_imag {
        if abs_real == 0.0 {
            return Err(ComplexError::ZeroDivision);
        }
        let ratio = b.imag / b.real;
        let denominator = b.real + b.imag * ratio;
        Complex::new(a / denominator, (-a * ratio) / denominator)
    } else if abs_imag >= abs_real {
        let ratio = b.real / b.imag;
        let denominator = b.real * ratio + b.imag;
        Complex::new((a * ratio) / denominator, (-a) / denominator)
    } else {
        Complex::new(f64::NAN, f64::NAN)
    };
    if result.real.is_nan() && result.imag.is_nan() && a.is_finite() && b.is_infinite() {
        let y = box_infinity(b);
        return Ok(Complex::new(0.0 * (a * y.real), 0.0 * (-a * y.imag)));
    }
    Ok(result)
}

/// `a ** b`.
pub fn pow(a: Complex, b: Complex) -> Result<Complex, ComplexError> {
    let small = b.imag == 0.0 && b.real == b.real.floor() && b.real.abs() <= 100.0;
    let result = if small { pow_int(a, b.real as i32) } else { pow_polar(a, b) }?;
    if result.is_infinite() { Err(ComplexError::Overflow) } else { Ok(result) }
}

fn pow_int(a: Complex, n: i32) -> Result<Complex, ComplexError> {
    if n > 0 {
        return Ok(pow_unsigned(a, n.unsigned_abs()));
    }
    if n < 0 && a.real == 0.0 && a.imag == 0.0 {
        return Err(ComplexError::ZeroPower);
    }
    div(Complex::new(1.0, 0.0), pow_unsigned(a, n.unsigned_abs())).map_err(|_| ComplexError::ZeroPower)
}

fn pow_unsigned(a: Complex, n: u32) -> Complex {
    let mut result = Complex::new(1.0, 0.0);
    let mut power = a;
    let mut bit = 1u32;
    while bit > 0 && n >= bit {
        if n & bit != 0 {
            result = mul(result, power);
        }
        bit <<= 1;
        power = mul(power, power);
    }
    result
}

fn pow_polar(a: Complex, b: Complex) -> Result<Complex, ComplexError> {
    if b.real == 0.0 && b.imag == 0.0 {
        return Ok(Complex::new(1.0, 0.0));
    }
    if a.real == 0.0 && a.imag == 0.0 {
        if b.imag != 0.0 || b.real < 0.0 {
            return Err(ComplexError::ZeroPower);
        }
        return Ok(Complex::new(0.0, 0.0));
    }
    let size = a.real.hypot(a.imag);
    let mut length = size.powf(b.real);
    let angle = a.imag.atan2(a.real);
    let mut phase = angle * b.real;
    if b.imag != 0.0 {
        length *= (-angle * b.imag).exp();
        phase += b.imag * size.ln();
    }
    // CPython takes the C library's domain error of sin(inf) for a zero base.
    if phase.is_infinite() {
        return Err(ComplexError::ZeroPower);
    }
    Ok(Complex::new(length * phase.cos(), length * phase.sin()))
}

/// `abs(z)`; `None` when it overflows (`absolute value too large`).
#[must_use]
pub fn abs(z: Complex) -> Option<f64> {
    if z.is_infinite() {
        return Some(f64::INFINITY);
    }
    let result = z.real.hypot(z.imag);
    if z.is_finite() && result.is_infinite() { None } else { Some(result) }
}

/// `repr(z)`.
#[must_use]
pub fn complex_repr(z: Complex) -> String {
    let part = |x: f64, plus: bool| format_float(x, FloatFormat { style: b'r', plus, ..FloatFormat::default() });
    if z.real == 0.0 && !z.real.is_sign_negative() {
        return format!("{}j", part(z.imag, false));
    }
    format!("({}{}j)", part(z.real, false), part(z.imag, true))
}

/// Why a text is no complex number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParseComplexError {
    /// The text does not follow the grammar.
    Malformed,
    /// Underscores stand elsewhere than between digits; the message carries the text's repr:
    /// `could not convert string to complex: {repr}`.
    Underscores,
}

impl std::fmt::Display for ParseComplexError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Malformed => "complex() arg is a malformed string",
            Self::Underscores => "could not convert string to complex",
        })
    }
}

impl std::error::Error for ParseComplexError {}

/// Parses `text` as `complex(text)` does.
pub fn parse_complex(text: &[u8]) -> Result<Complex, ParseComplexError> {
    let plain;
    let mut text = text;
    if text.contains(&b'_') {
        plain = strip_underscores(text).ok_or(ParseComplexError::Underscores)?;
        text = &plain;
    }
    text = trim(text);
    if let [b'(', inside @ .., b')'] = text {
        text = trim(inside);
    }
    parse_parts(text).ok_or(ParseComplexError::Malformed)
}

fn parse_parts(text: &[u8]) -> Option<Complex> {
    let is_j = |b: Option<&u8>| matches!(b, Some(b'j' | b'J'));
    let signed_unit = |text: &[u8]| match text {
        [b'+', b'j' | b'J'] | [b'j' | b'J'] => Some(1.0),
        [b'-', b'j' | b'J'] => Some(-1.0),
        _ => None,
    };
    if let Some(imag) = signed_unit(text) {
        return Some(Complex::new(0.0, imag));
    }
    let (first, used) = parse_float_prefix(text)?;
    let rest = &text[used..];
    if rest.is_empty() {
        return Some(Complex::new(first, 0.0));
    }
    if rest.len() == 1 && is_j(rest.first()) {
        return Some(Complex::new(0.0, first));
    }
    if !matches!(rest.first(), Some(b'+' | b'-')) {
        return None;
    }
    if let Some(imag) = signed_unit(rest) {
        return Some(Complex::new(first, imag));
    }
    let (imag, used) = parse_float_prefix(rest)?;
    (rest.len() == used + 1 && is_j(rest.last())).then_some(Complex::new(first, imag))
}

fn strip_underscores(text: &[u8]) -> Option<Vec<u8>> {
    let ok = text.iter().enumerate().all(|(i, b)| {
        let digit = |j: Option<usize>| j.and_then(|j| text.get(j)).is_some_and(u8::is_ascii_digit);
        *b != b'_' || (digit(i.checked_sub(1)) && digit(Some(i + 1)))
    });
    ok.then(|| text.iter().copied().filter(|b| *b != b'_').collect())
}
