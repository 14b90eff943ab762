//! Decimal numbers from text and as text.
//!
//! Invariant: the text of a number reads back as the same number, exponent and payload included.

use super::{Coef, Context, Decimal, Kind, Status};

/// What is wrong with a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ParseError {
    /// It is no number.
    Syntax,
}

/// Exponents beyond are all the same.
const FAR: i64 = 4_000_000_000_000_000_000;

/// The number that a text of ASCII characters stands for, not rounded. Exponents may lie beyond every context.
pub fn parse_ascii(text: &[u8]) -> Result<Decimal, ParseError> {
    let (negative, rest) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    if let Some(b'0'..=b'9' | b'.') = rest.first() {
        return parse_finite(negative, rest);
    }
    parse_special(negative, rest).ok_or(ParseError::Syntax)
}

fn parse_finite(negative: bool, text: &[u8]) -> Result<Decimal, ParseError> {
    let is_digit = |c: &&u8| c.is_ascii_digit();
    let whole = text.iter().take_while(is_digit).count();
    let mut end = whole;
    let mut fraction = 0;
    if text.get(whole) == Some(&b'.') {
        fraction = text[whole + 1..].iter().take_while(is_digit).count();
        end += 1 + fraction;
    }
    if whole + fraction == 0 {
        return Err(ParseError::Syntax);
    }
    let exp = match text.get(end) {
        None => 0,
        Some(b'e' | b'E') => parse_exponent(&text[end + 1..]).ok_or(ParseError::Syntax)?,
        Some(_) => return Err(ParseError::Syntax),
    };
    let coef = if fraction == 0 {
        Coef::from_digits(strip_zeros(&text[..whole]))
    } else if whole + fraction <= 19 {
        let digits = text[..whole].iter().chain(&text[whole + 1..end]);
        digits.fold(0u64, |n, &digit| n * 10 + u64::from(digit - b'0')).into()
    } else {
        let digits = [&text[..whole], &text[whole + 1..end]].concat();
        Coef::from_digits(strip_zeros(&digits))
    };
    Ok(Decimal::finite(negative, coef, exp.saturating_sub(fraction as i64).clamp(-FAR, FAR)))
}

fn strip_zeros(text: &[u8]) -> &[u8] {
    let zeros = text.iter().take_while(|&&c| c == b'0').count();
    &text[zeros..]
}

fn parse_exponent(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let size = digits.iter().fold(0i64, |n, &digit| n.saturating_mul(10).saturating_add(i64::from(digit - b'0')));
    let size = size.min(FAR);
    Some(if negative { -size } else { size })
}

fn parse_special(negative: bool, text: &[u8]) -> Option<Decimal> {
    if text.eq_ignore_ascii_case(b"inf") || text.eq_ignore_ascii_case(b"infinity") {
        return Some(Decimal::infinity(negative));
    }
    let (kind, rest) = match text {
        [b's' | b'S', rest @ ..] => (Kind::SNan, rest),
        _ => (Kind::Nan, text),
    };
    let (name, payload) = rest.split_at_checked(3)?;
    if !name.eq_ignore_ascii_case(b"nan") || !payload.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(Decimal { kind, negative, exp: 0, coef: Coef::from_digits(strip_zeros(payload)) })
}

/// The number that a text stands for, rounded to the context.
pub fn parse(text: &[u8], context: &Context, status: &mut Status) -> Decimal {
    match parse_ascii(text) {
        Ok(number) if number.is_nan() && number.payload_digits() > context.prec - i64::from(context.clamp) => {
            Decimal::invalid(status, Status::CONVERSION_SYNTAX)
        }
        Ok(number) => number.finalize(context, status),
        Err(ParseError::Syntax) => Decimal::invalid(status, Status::CONVERSION_SYNTAX),
    }
}

impl Decimal {
    fn payload_digits(&self) -> i64 {
        if self.coef.is_zero() { 0 } else { self.coef.digits() }
    }

    /// Appends what stands for a number that is not finite; `false` if it is.
    fn push_special(&self, out: &mut Vec<u8>) -> bool {
        let name: &[u8] = match self.kind {
            Kind::Finite => return false,
            Kind::Infinity => b"Infinity",
            Kind::Nan => b"NaN",
            Kind::SNan => b"sNaN",
        };
        out.extend_from_slice(name);
        if !self.coef.is_zero() {
            self.coef.push_digits(out);
        }
        true
    }

    /// Appends the number in scientific notation.
    pub fn push_text(&self, capitals: bool, out: &mut Vec<u8>) {
        if self.negative {
            out.push(b'-');
        }
        if self.push_special(out) {
            return;
        }
        let start = out.len();
        self.coef.push_digits(out);
        let digits = (out.len() - start) as i64;
        let adjusted = self.exp + digits - 1;
        if self.exp <= 0 && adjusted >= -6 {
            self.place_point(start, digits + self.exp, out);
            return;
        }
        if digits > 1 {
            out.insert(start + 1, b'.');
        }
        push_exponent(adjusted, capitals, out);
    }

    /// Appends the number in engineering notation: exponents are multiples of three.
    pub fn push_engineering(&self, capitals: bool, out: &mut Vec<u8>) {
        if self.negative {
            out.push(b'-');
        }
        if self.push_special(out) {
            return;
        }
        let start = out.len();
        self.coef.push_digits(out);
        let digits = (out.len() - start) as i64;
        let left = digits + self.exp;
        if self.exp <= 0 && left > -6 {
            self.place_point(start, left, out);
            return;
        }
        let point = if self.coef.is_zero() { (left + 1).rem_euclid(3) - 1 } else { (left - 1).rem_euclid(3) + 1 };
        if point <= 0 {
            out.splice(start..start, std::iter::repeat_n(b'0', (1 - point) as usize));
            if out.len() - start > 1 {
                out.insert(start + 1, b'.');
            }
        } else if point >= digits {
            out.resize(start + point as usize, b'0');
        } else {
            out.insert(start + point as usize, b'.');
        }
        if left != point {
            push_exponent(left - point, capitals, out);
        }
    }

    /// Puts the point after `left` digits.
    fn place_point(&self, start: usize, left: i64, out: &mut Vec<u8>) {
        if self.exp == 0 {
            return;
        }
        if left > 0 {
            out.insert(start + left as usize, b'.');
        } else {
            let zeros = (-left) as usize;
            out.splice(start..start, b"0.".iter().copied().chain(std::iter::repeat_n(b'0', zeros)));
        }
    }

    /// The number in engineering notation.
    pub fn to_engineering(&self, capitals: bool) -> String {
        let mut out = Vec::new();
        self.push_engineering(capitals, &mut out);
        String::from_utf8(out).unwrap_or_default()
    }

    /// The number as text.
    pub fn to_text(&self, capitals: bool) -> String {
        let mut out = Vec::new();
        self.push_text(capitals, &mut out);
        String::from_utf8(out).unwrap_or_default()
    }
}

pub(super) fn push_exponent(exponent: i64, capitals: bool, out: &mut Vec<u8>) {
    out.push(if capitals { b'E' } else { b'e' });
    out.push(if exponent < 0 { b'-' } else { b'+' });
    let digits = exponent.unsigned_abs().to_string();
    out.extend_from_slice(digits.as_bytes());
}
