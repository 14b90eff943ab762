//! `repr` of str and bytes, and `ascii`.
//!
//! The quote is a single one unless the text has single quotes and no double ones. Lone surrogates
//! and everything unprintable are escaped, so the output holds only printable characters.

use crate::unicode::is_printable;
use crate::{CodePoints, Sink};

const HEX: &[u8; 16] = b"0123456789abcdef";

fn quote(has_single: bool, has_double: bool) -> u32 {
    if has_single && !has_double { u32::from(b'"') } else { u32::from(b'\'') }
}

/// Writes `\x..`, `\u....` or `\U........`, whichever is the shortest that holds `c`.
pub fn write_escape(c: u32, out: &mut impl Sink) {
    let (letter, digits) = match c {
        0..=0xFF => (b'x', 2),
        0x100..=0xFFFF => (b'u', 4),
        _ => (b'U', 8),
    };
    out.push(b'\\'.into());
    out.push(letter.into());
    for i in (0..digits).rev() {
        out.push(HEX[(c >> (4 * i) & 15) as usize].into());
    }
}

/// Writes the escape of a character that is escaped in every repr; false when it is not.
fn write_short_escape(c: u32, quote: u32, out: &mut impl Sink) -> bool {
    let letter = match c {
        0x0A => b'n',
        0x0D => b'r',
        0x09 => b't',
        0x5C => b'\\',
        _ if c == quote => c as u8,
        _ => return false,
    };
    out.push(b'\\'.into());
    out.push(letter.into());
    true
}

fn write_repr<S: CodePoints + ?Sized>(text: &S, out: &mut impl Sink, shown: impl Fn(u32) -> bool) {
    let has = |quote: u8| text.points().any(|c| c == u32::from(quote));
    let quote = quote(has(b'\''), has(b'"'));
    out.push(quote);
    for c in text.points() {
        if write_short_escape(c, quote, out) {
            continue;
        }
        if shown(c) {
            out.push(c);
        } else {
            write_escape(c, out);
        }
    }
    out.push(quote);
}

/// `repr(str)`.
pub fn str_repr<S: CodePoints + ?Sized>(text: &S, out: &mut impl Sink) {
    write_repr(text, out, |c| if c < 0x7F { c >= 0x20 } else { is_printable(c) });
}

/// `ascii(str)`.
pub fn str_ascii<S: CodePoints + ?Sized>(text: &S, out: &mut impl Sink) {
    write_repr(text, out, |c| (0x20..0x7F).contains(&c));
}

/// Escapes the non-ASCII characters of a repr, which is what `ascii(object)` does.
pub fn escape_non_ascii<S: CodePoints + ?Sized>(text: &S, out: &mut impl Sink) {
    for c in text.points() {
        if c < 0x80 {
            out.push(c);
        } else {
            write_escape(c, out);
        }
    }
}

/// `repr(bytes)`, prefix included.
#[must_use]
pub fn bytes_repr(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() + 3);
    out.push('b');
    bytes_repr_quoted(bytes, &mut out);
    out
}

/// The quoted part of a bytes repr; `bytearray` puts its own prefix in front.
pub fn bytes_repr_quoted(bytes: &[u8], out: &mut String) {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') { '"' } else { '\'' };
    out.push(quote);
    for &byte in bytes {
        match byte {
            b'\t' => out.push_str("\\t"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\\' => out.push_str("\\\\"),
            _ if char::from(byte) == quote => {
                out.push('\\');
                out.push(quote);
            }
            0x20..0x7F => out.push(byte.into()),
            _ => {
                out.push_str("\\x");
                out.push(HEX[usize::from(byte >> 4)].into());
                out.push(HEX[usize::from(byte & 15)].into());
            }
        }
    }
    out.push(quote);
}
