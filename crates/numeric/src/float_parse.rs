//! Reading floats with the rules of `float()`.
//!
//! The grammar is checked here byte by byte; only a plain decimal literal reaches the correctly
//! rounding conversion of the standard library.

use crate::int_parse::trim;

/// Parses `text` as `float(text)` does; `None` when it is no float. The message of the error is
/// the caller's: `could not convert string to float: {repr}`.
#[must_use]
pub fn parse_float(text: &[u8]) -> Option<f64> {
    let text = trim(text);
    let without = if text.contains(&b'_') { Some(drop_underscores(text)?) } else { None };
    let text = without.as_deref().unwrap_or(text);
    let (value, used) = parse_float_prefix(text)?;
    (used == text.len()).then_some(value)
}

/// Underscores are allowed between digits only.
fn drop_underscores(text: &[u8]) -> Option<Vec<u8>> {
    let mut plain = Vec::with_capacity(text.len());
    let mut before = 0u8;
    for &byte in text {
        if byte == b'_' {
            if !before.is_ascii_digit() {
                return None;
            }
        } else {
            if before == b'_' && !byte.is_ascii_digit() {
                return None;
            }
            plain.push(byte);
        }
        before = byte;
    }
    (before != b'_').then_some(plain)
}

/// Parses the longest float at the start of `text`: its value and the bytes it takes. No spaces and
/// no underscores.
#[must_use]
pub fn parse_float_prefix(text: &[u8]) -> Option<(f64, usize)> {
    let negative = text.first() == Some(&b'-');
    let signed = usize::from(matches!(text.first(), Some(b'+' | b'-')));
    let rest = &text[signed..];
    if let Some((value, used)) = parse_special(rest) {
        return Some((if negative { -value } else { value }, signed + used));
    }
    let used = decimal_length(rest)?;
    let literal = std::str::from_utf8(&rest[..used]).ok()?;
    let value: f64 = literal.parse().ok()?;
    Some((if negative { -value } else { value }, signed + used))
}

fn parse_special(text: &[u8]) -> Option<(f64, usize)> {
    let starts = |word: &[u8]| text.len() >= word.len() && text[..word.len()].eq_ignore_ascii_case(word);
    if starts(b"infinity") {
        Some((f64::INFINITY, 8))
    } else if starts(b"inf") {
        Some((f64::INFINITY, 3))
    } else if starts(b"nan") {
        Some((f64::NAN, 3))
    } else {
        None
    }
}

fn decimal_length(text: &[u8]) -> Option<usize> {
    let digits = |from: usize| text[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let whole = digits(0);
    let mut end = whole;
    let mut fraction = 0;
    if text.get(end) == Some(&b'.') {
        fraction = digits(end + 1);
        end += 1 + fraction;
    }
    if whole + fraction == 0 {
        return None;
    }
    if matches!(text.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(text.get(end + 1), Some(b'+' | b'-')));
        let exponent = if end + 1 + sign <= text.len() { digits(end + 1 + sign) } else { 0 };
        if exponent > 0 {
            end += 1 + sign + exponent;
        }
    }
    Some(end)
}
