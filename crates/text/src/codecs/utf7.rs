//! UTF-7: ASCII with stretches of base64-coded UTF-16 between `+` and `-`.
//!
//! What a stretch decodes to is written only once the stretch has ended, so that a chunk can be cut
//! off in the middle of one without anything of it having been written.

use super::{DecodeHandler, Failure, Problem, ask_decode};
use crate::{CodePoints, Sink};

fn from_base64(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}

fn to_base64(value: u32) -> u8 {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    DIGITS[(value & 63) as usize]
}

/// A base64 stretch under way.
#[derive(Default)]
struct Shift {
    bits: u32,
    buffer: u32,
    surrogate: Option<u32>,
    text: Vec<u32>,
}

impl Shift {
    fn push_digit(&mut self, digit: u32) {
        self.buffer = self.buffer << 6 | digit;
        self.bits += 6;
        if self.bits < 16 {
            return;
        }
        self.bits -= 16;
        let c = self.buffer >> self.bits;
        self.buffer &= (1 << self.bits) - 1;
        if let Some(high) = self.surrogate.take() {
            if (0xDC00..0xE000).contains(&c) {
                self.text.push(0x10000 + ((high - 0xD800) << 10) + (c - 0xDC00));
                return;
            }
            self.text.push(high);
        }
        if (0xD800..0xDC00).contains(&c) {
            self.surrogate = Some(c);
        } else {
            self.text.push(c);
        }
    }

    fn leftover(&self) -> Option<&'static str> {
        if self.bits >= 6 {
            Some("partial character in shift sequence")
        } else if self.bits > 0 && self.buffer != 0 {
            Some("non-zero padding bits in shift sequence")
        } else {
            None
        }
    }
}

/// What is wrong with a stretch that ends before `next`; what it says is written in any case.
fn leave(shift: &Shift, next: Option<u8>, out: &mut impl Sink) -> Option<&'static str> {
    shift.text.iter().for_each(|c| out.push(*c));
    let Some(byte) = next else {
        let complete = shift.surrogate.is_none() && shift.leftover().is_none();
        return (!complete).then_some("unterminated shift sequence");
    };
    let reason = shift.leftover();
    if let Some(high) = shift.surrogate.filter(|_| reason.is_none() && byte < 0x80) {
        out.push(high);
    }
    reason
}

/// Decodes UTF-7 and gives the number of bytes consumed.
pub fn decode_utf7<E>(
    input: &[u8],
    last: bool,
    handler: DecodeHandler<'_, E>,
    out: &mut impl Sink,
) -> Result<usize, Failure<E>> {
    let len = input.len();
    let (mut at, mut start) = (0, 0);
    let mut shift: Option<Shift> = None;
    loop {
        let next = input.get(at).copied();
        let reason = match (&mut shift, next) {
            (None, None) => return Ok(len),
            (Some(_), None) if !last => return Ok(start),
            (Some(state), Some(byte)) if from_base64(byte).is_some() => {
                state.push_digit(from_base64(byte).unwrap_or(0));
                at += 1;
                continue;
            }
            (Some(state), _) => {
                let reason = leave(state, next, out);
                shift = None;
                at += usize::from(next == Some(b'-') || next.is_some() && reason.is_some());
                reason
            }
            (None, Some(byte)) => {
                start = at;
                let (size, reason) = plain(byte, input.get(at + 1).copied(), &mut shift, out);
                at += size;
                reason
            }
        };
        if let Some(reason) = reason {
            let problem = Problem { encoding: "utf7", start, end: at, reason: reason.into() };
            at = ask_decode(problem, len, handler, out)?;
        }
    }
}

/// Reads a byte outside base64: how many bytes that takes, and what is wrong with them.
fn plain(byte: u8, next: Option<u8>, shift: &mut Option<Shift>, out: &mut impl Sink) -> (usize, Option<&'static str>) {
    if byte >= 0x80 {
        return (1, Some("unexpected special character"));
    }
    if byte != b'+' {
        out.push(byte.into());
        return (1, None);
    }
    match next {
        Some(b'-') => {
            out.push(b'+'.into());
            (2, None)
        }
        Some(next) if from_base64(next).is_none() => (2, Some("ill-formed sequence")),
        _ => {
            *shift = Some(Shift::default());
            (1, None)
        }
    }
}

fn is_direct(c: u32) -> bool {
    matches!(c, 0x20..0x7F | 0x09 | 0x0A | 0x0D) && !matches!(c, 0x2B | 0x5C | 0x7E)
}

/// Encodes UTF-7, which cannot fail.
pub fn encode_utf7<S: CodePoints + ?Sized>(text: &S) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let (mut shifted, mut bits, mut buffer) = (false, 0, 0u32);
    for c in text.points() {
        if is_direct(c) {
            if std::mem::take(&mut shifted) {
                if bits > 0 {
                    out.push(to_base64(buffer << (6 - bits)));
                }
                (bits, buffer) = (0, 0);
                if from_base64(c as u8).is_some() || c == u32::from(b'-') {
                    out.push(b'-');
                }
            }
            out.push(c as u8);
            continue;
        }
        if !shifted {
            out.push(b'+');
            if c == u32::from(b'+') {
                out.push(b'-');
                continue;
            }
            shifted = true;
        }
        let (high, low) =
            if c > 0xFFFF { (Some(0xD800 + ((c - 0x10000) >> 10)), 0xDC00 + (c & 0x3FF)) } else { (None, c) };
        for unit in high.into_iter().chain([low]) {
            buffer = buffer << 16 | unit;
            bits += 16;
            while bits >= 6 {
                bits -= 6;
                out.push(to_base64(buffer >> bits));
            }
            buffer &= (1 << bits) - 1;
        }
    }
    if bits > 0 {
        out.push(to_base64(buffer << (6 - bits)));
    }
    if shifted {
        out.push(b'-');
    }
    out
}
