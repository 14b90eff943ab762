//! Bytes as hexadecimal digits: `bytes.hex` and `bytes.fromhex`.

use crate::{CodePoints, Slice, TextError};

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// `bytes.hex(separator, group)`: groups of `group` bytes counted from the right, or from the left
/// when negative; 0, or no separator, means no groups.
#[must_use]
pub fn bytes_to_hex(bytes: &[u8], separator: Option<u8>, group: isize) -> String {
    let size = group.unsigned_abs();
    if separator.is_none() || size == 0 {
        let mut out = vec![0; bytes.len() * 2];
        for (pair, byte) in out.chunks_exact_mut(2).zip(bytes) {
            pair[0] = DIGITS[usize::from(byte >> 4)];
            pair[1] = DIGITS[usize::from(byte & 15)];
        }
        return String::from_utf8(out).unwrap_or_default();
    }
    let separator = separator.filter(|_| size > 0);
    let mut out = String::with_capacity(bytes.len() * 3);
    for (i, byte) in bytes.iter().enumerate() {
        if let Some(separator) = separator
            && i > 0
            && (if group > 0 { bytes.len() - i } else { i }).is_multiple_of(size)
        {
            out.push(separator.into());
        }
        out.push(DIGITS[usize::from(byte >> 4)].into());
        out.push(DIGITS[usize::from(byte & 15)].into());
    }
    out
}

/// The value of each byte as a hexadecimal digit; 255 for what is none.
static VALUES: [u8; 256] = {
    let mut values = [255; 256];
    let mut digit = 0;
    while digit < 16 {
        values[DIGITS[digit] as usize] = digit as u8;
        values[DIGITS[digit].to_ascii_uppercase() as usize] = digit as u8;
        digit += 1;
    }
    values
};

/// The bytes that pairs of digits say; `None` for any other text.
fn from_digits_alone(digits: &[u8]) -> Option<Vec<u8>> {
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    let mut seen = 0;
    let byte = |pair: &[u8]| {
        let (high, low) = (VALUES[usize::from(pair[0])], VALUES[usize::from(pair[1])]);
        seen |= high | low;
        high << 4 | low & 15
    };
    let bytes = digits.chunks_exact(2).map(byte).collect();
    (seen < 16).then_some(bytes)
}

/// `bytes.fromhex(text)`: pairs of digits with ASCII spaces between them.
pub fn bytes_from_hex<S: CodePoints + ?Sized>(text: &S) -> Result<Vec<u8>, TextError> {
    if let Some(Slice::U1(digits)) = text.as_slice()
        && let Some(bytes) = from_digits_alone(digits)
    {
        return Ok(bytes);
    }
    let digit = |i: usize| {
        let value = char::from_u32(text.get(i)).and_then(|c| c.to_digit(16));
        value
            .map(|v| v as u8)
            .ok_or_else(|| TextError::value(format!("non-hexadecimal number found in fromhex() arg at position {i}")))
    };
    let mut bytes = Vec::with_capacity(text.len() / 2);
    let mut at = 0;
    while at < text.len() {
        if matches!(text.get(at), 0x20 | 0x09..=0x0D) {
            at += 1;
            continue;
        }
        let high = digit(at)?;
        if at + 1 == text.len() {
            let message = "fromhex() arg must contain an even number of hexadecimal digits";
            return Err(TextError::value(message));
        }
        bytes.push(high << 4 | digit(at + 1)?);
        at += 2;
    }
    Ok(bytes)
}
