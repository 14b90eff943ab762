//! The `unicode_escape` and `raw_unicode_escape` codecs.
//!
//! Both read Latin-1 with backslash escapes. An escape that the input ends in the middle of is left
//! for the next chunk unless the chunk is the last.

use super::{DecodeHandler, Failure, Problem, ask_decode};
use crate::unicode;
use crate::{CodePoints, Sink, write_escape};

/// An escape that decodes but deserves a `DeprecationWarning`; the first one in the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EscapeWarning {
    /// `"\{c}" is an invalid escape sequence`
    Invalid(u8),
    /// `"\{octal}" is an invalid octal escape sequence`: above `\377`.
    Octal(u32),
}

/// What one escape came to.
enum Escape {
    /// A character, and where the escape ends.
    Char(u32, usize),
    /// Nothing: an escaped line feed.
    Nothing(usize),
    /// No escape after all: the backslash stays.
    Unknown(usize),
    /// An error up to the given place; `true` when more input might complete the escape.
    Bad(usize, &'static str, bool),
}

/// Reads `count` hexadecimal digits: the value, or where they end.
fn hexadecimal(input: &[u8], start: usize, count: usize) -> Result<u32, usize> {
    let mut value = 0u32;
    for i in start..start + count {
        let digit = input.get(i).and_then(|b| char::from(*b).to_digit(16)).ok_or(i)?;
        value = value << 4 | digit;
    }
    Ok(value)
}

fn numeric(input: &[u8], start: usize, count: usize, reason: &'static str, range: &'static str) -> Escape {
    match hexadecimal(input, start, count) {
        Ok(c @ 0..=0x10_FFFF) => Escape::Char(c, start + count),
        Ok(_) => Escape::Bad(start + count, range, false),
        Err(end) => Escape::Bad(end, reason, end == input.len()),
    }
}

const TRUNCATED_U4: &str = "truncated \\uXXXX escape";
const TRUNCATED_U8: &str = "truncated \\UXXXXXXXX escape";

fn named(input: &[u8], start: usize) -> Escape {
    const MALFORMED: &str = "malformed \\N character escape";
    if input.get(start) != Some(&b'{') {
        return Escape::Bad(start, MALFORMED, start == input.len());
    }
    let rest = &input[start + 1..];
    match rest.iter().position(|b| *b == b'}') {
        None => Escape::Bad(input.len(), MALFORMED, true),
        Some(0) => Escape::Bad(start + 1, MALFORMED, false),
        Some(len) => {
            let end = start + len + 2;
            let name = std::str::from_utf8(&rest[..len]).ok();
            match name.and_then(unicode::lookup) {
                Some(c) => Escape::Char(c, end),
                None => Escape::Bad(end, "unknown Unicode character name", false),
            }
        }
    }
}

/// Reads the escape whose backslash stands at `at`.
fn escape(input: &[u8], at: usize) -> Escape {
    let Some(&letter) = input.get(at + 1) else {
        return Escape::Bad(at + 1, "\\ at end of string", true);
    };
    let next = at + 2;
    let simple = |c: u8| Escape::Char(c.into(), next);
    match letter {
        b'\n' => Escape::Nothing(next),
        b'\\' | b'\'' | b'"' => simple(letter),
        b'a' => simple(7),
        b'b' => simple(8),
        b't' => simple(9),
        b'n' => simple(10),
        b'v' => simple(11),
        b'f' => simple(12),
        b'r' => simple(13),
        b'0'..=b'7' => {
            let digits = input[at + 1..].iter().take(3).take_while(|b| matches!(b, b'0'..=b'7'));
            let value = digits.clone().fold(0, |value, b| value << 3 | u32::from(b - b'0'));
            Escape::Char(value, at + 1 + digits.count())
        }
        b'x' => numeric(input, next, 2, "truncated \\xXX escape", ""),
        b'u' => numeric(input, next, 4, TRUNCATED_U4, ""),
        b'U' => numeric(input, next, 8, TRUNCATED_U8, "illegal Unicode character"),
        b'N' => named(input, next),
        _ => Escape::Unknown(next),
    }
}

/// Decodes `unicode_escape`; gives the bytes consumed and the first dubious escape.
pub fn decode_unicode_escape<E>(
    input: &[u8],
    last: bool,
    handler: DecodeHandler<'_, E>,
    out: &mut impl Sink,
) -> Result<(usize, Option<EscapeWarning>), Failure<E>> {
    let mut warning = None;
    let mut at = 0;
    while at < input.len() {
        if input[at] != b'\\' {
            out.push(input[at].into());
            at += 1;
            continue;
        }
        match escape(input, at) {
            Escape::Char(c, end) => {
                out.push(c);
                if c > 0xFF && matches!(input[at + 1], b'0'..=b'7') {
                    warning = warning.or(Some(EscapeWarning::Octal(c)));
                }
                at = end;
            }
            Escape::Nothing(end) => at = end,
            Escape::Unknown(end) => {
                out.push(b'\\'.into());
                out.push(input[end - 1].into());
                warning = warning.or(Some(EscapeWarning::Invalid(input[end - 1])));
                at = end;
            }
            Escape::Bad(_, _, true) if !last => return Ok((at, warning)),
            Escape::Bad(end, reason, _) => {
                let problem = Problem { encoding: "unicodeescape", start: at, end, reason: reason.into() };
                at = ask_decode(problem, input.len(), handler, out)?;
            }
        }
    }
    Ok((input.len(), warning))
}

/// Decodes `raw_unicode_escape`; gives the bytes consumed.
pub fn decode_raw_unicode_escape<E>(
    input: &[u8],
    last: bool,
    handler: DecodeHandler<'_, E>,
    out: &mut impl Sink,
) -> Result<usize, Failure<E>> {
    let mut at = 0;
    while at < input.len() {
        let byte = input[at];
        let letter = input.get(at + 1).copied();
        if byte != b'\\' {
            out.push(byte.into());
            at += 1;
            continue;
        }
        let result = match letter {
            None if !last => return Ok(at),
            Some(b'u') => numeric(input, at + 2, 4, TRUNCATED_U4, ""),
            Some(b'U') => numeric(input, at + 2, 8, TRUNCATED_U8, "\\Uxxxxxxxx out of range"),
            _ => {
                out.push(byte.into());
                letter.iter().for_each(|b| out.push((*b).into()));
                at += 1 + usize::from(letter.is_some());
                continue;
            }
        };
        match result {
            Escape::Bad(_, _, true) if !last => return Ok(at),
            Escape::Bad(end, reason, _) => {
                let problem = Problem { encoding: "rawunicodeescape", start: at, end, reason: reason.into() };
                at = ask_decode(problem, input.len(), handler, out)?;
            }
            Escape::Char(c, end) => {
                out.push(c);
                at = end;
            }
            Escape::Nothing(end) | Escape::Unknown(end) => at = end,
        }
    }
    Ok(input.len())
}

/// Collects ASCII and Latin-1 output as bytes.
struct Bytes(Vec<u8>);

impl Sink for Bytes {
    fn push(&mut self, c: u32) {
        self.0.push(c as u8);
    }
}

/// Encodes `unicode_escape`, which cannot fail.
pub fn encode_unicode_escape<S: CodePoints + ?Sized>(text: &S) -> Vec<u8> {
    let mut out = Bytes(Vec::with_capacity(text.len()));
    for c in text.points() {
        match c {
            0x5C => out.push_str("\\\\"),
            0x09 => out.push_str("\\t"),
            0x0A => out.push_str("\\n"),
            0x0D => out.push_str("\\r"),
            0x20..0x7F => out.push(c),
            _ => write_escape(c, &mut out),
        }
    }
    out.0
}

/// Encodes `raw_unicode_escape`, which cannot fail.
pub fn encode_raw_unicode_escape<S: CodePoints + ?Sized>(text: &S) -> Vec<u8> {
    let mut out = Bytes(Vec::with_capacity(text.len()));
    for c in text.points() {
        if c <= 0xFF {
            out.push(c);
        } else {
            write_escape(c, &mut out);
        }
    }
    out.0
}
