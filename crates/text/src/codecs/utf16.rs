//! UTF-16, in either byte order, with or without a byte order mark.

use super::{ByteOrder, DecodeHandler, EncodeHandler, Failure, Problem, ask_decode, ask_encode, is_surrogate};
use crate::{CodePoints, Sink};

/// Decodes UTF-16 and gives the number of bytes consumed. Without an order, a byte order mark at the
/// start sets it, else it becomes little-endian once there is enough input to tell.
pub fn decode_utf16<E>(
    input: &[u8],
    order: &mut Option<ByteOrder>,
    last: bool,
    handler: DecodeHandler<'_, E>,
    out: &mut impl Sink,
) -> Result<usize, Failure<E>> {
    let mut at = 0;
    if order.is_none() && input.len() >= 2 {
        at = 2;
        match input[..2] {
            [0xFF, 0xFE] => *order = Some(ByteOrder::Little),
            [0xFE, 0xFF] => *order = Some(ByteOrder::Big),
            _ => at = 0,
        }
    }
    let big = *order == Some(ByteOrder::Big);
    let encoding = if big { "utf-16-be" } else { "utf-16-le" };
    let len = input.len();
    while at < len {
        match read(&input[at..], big) {
            Ok((c, size)) => {
                out.push(c);
                at += size;
            }
            Err((_, TRUNCATED | UNEXPECTED_END)) if !last => return Ok(at),
            Err((size, reason)) => {
                let problem = Problem { encoding, start: at, end: at + size, reason: reason.into() };
                at = ask_decode(problem, len, handler, out)?;
            }
        }
    }
    Ok(len)
}

const TRUNCATED: &str = "truncated data";
const UNEXPECTED_END: &str = "unexpected end of data";

/// Reads one character: it and its size, or the size of what is wrong and the reason.
fn read(input: &[u8], big: bool) -> Result<(u32, usize), (usize, &'static str)> {
    let unit = |i: usize| {
        let pair = [*input.get(i)?, *input.get(i + 1)?];
        Some(u32::from(if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }))
    };
    let c = unit(0).ok_or((input.len(), TRUNCATED))?;
    match c {
        0xD800..0xDC00 => match unit(2).ok_or((input.len(), UNEXPECTED_END))? {
            low @ 0xDC00..0xE000 => Ok((0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00), 4)),
            _ => Err((2, "illegal UTF-16 surrogate")),
        },
        0xDC00..0xE000 => Err((2, "illegal encoding")),
        _ => Ok((c, 2)),
    }
}

fn push_utf16(c: u32, big: bool, out: &mut Vec<u8>) -> bool {
    let Some(c) = char::from_u32(c) else { return false };
    for unit in c.encode_utf16(&mut [0; 2]) {
        out.extend(if big { unit.to_be_bytes() } else { unit.to_le_bytes() });
    }
    true
}

/// Encodes UTF-16. Without an order it is little-endian, after a byte order mark.
pub fn encode_utf16<S, E>(
    text: &S,
    order: Option<ByteOrder>,
    handler: EncodeHandler<'_, E>,
) -> Result<Vec<u8>, Failure<E>>
where
    S: CodePoints + ?Sized,
{
    let (encoding, big) = match order {
        None => ("utf-16", false),
        Some(ByteOrder::Little) => ("utf-16-le", false),
        Some(ByteOrder::Big) => ("utf-16-be", true),
    };
    let len = text.len();
    let mut out = Vec::with_capacity(2 * len + 2);
    if order.is_none() {
        out.extend([0xFF, 0xFE]);
    }
    let mut at = 0;
    while at < len {
        let c = text.get(at);
        if !is_surrogate(c) && push_utf16(c, big, &mut out) {
            at += 1;
            continue;
        }
        let reason = "surrogates not allowed".into();
        let problem = Problem { encoding, start: at, end: at + 1, reason };
        let write = &mut |c: u32, out: &mut Vec<u8>| c < 0x80 && push_utf16(c, big, out);
        at = ask_encode(problem, len, handler, 2, write, &mut out)?;
    }
    Ok(out)
}
