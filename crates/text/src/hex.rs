//! Bytes as hexadecimal digits: `bytes.hex` and `bytes.fromhex`.

use crate::{CodePoints, TextError};

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// `bytes.hex(separator, group)`: groups of `group` bytes counted from the right, or from the left
/// when negative; 0, or no separator, means no groups.
#[must_use]
pub fn bytes_to_hex(bytes: &[u8], separator: Option<u8>, group: isize) -> String {
    let size = group.unsigned_abs();
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

/// `bytes.fromhex(text)`: pairs of digits with ASCII spaces between them.
pub fn bytes_from_hex<S: CodePoints + ?Sized>(text: &S) -> Result<Vec<u8>, TextError> {
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
