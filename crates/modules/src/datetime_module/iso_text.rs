//! The text that `datetime.fromisoformat` is given.
//!
//! Invariant: only what separates date and time may be outside ASCII.

use taipan_numeric::iso_time::{ParsedTime, date_length, parse_date, parse_time};
use taipan_objects::builtins::str::Str;

/// The text as bytes in which what separates date and time may be any character, even half of one.
pub fn bytes(text: &Str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    for (index, point) in text.points().enumerate() {
        match char::from_u32(point) {
            Some(character) => {
                let mut buffer = [0; 4];
                bytes.extend_from_slice(character.encode_utf8(&mut buffer).as_bytes());
            }
            None if matches!(index, 7 | 8 | 10) => bytes.push(b'T'),
            None => return None,
        }
    }
    Some(bytes)
}

/// The date and time that a text means, not checked.
pub fn read(bytes: &[u8]) -> Option<((i64, i64, i64), ParsedTime)> {
    if bytes.len() < 7 {
        return None;
    }
    let length = date_length(bytes)?;
    let date = parse_date(bytes, length)?;
    let rest = bytes.get(length..).unwrap_or(&[]);
    if rest.len() <= 1 {
        return Some((date, ParsedTime::default())).filter(|_| rest.is_empty() || bytes.len() == length);
    }
    let separator = match rest[0] {
        0..=0x7f => 1,
        0xe0..=0xef => 3,
        0xf0..=0xff => 4,
        _ => 2,
    };
    Some((date, parse_time(rest.get(separator..).unwrap_or(&[]))?))
}
