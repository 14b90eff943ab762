//! UTF-32, in either byte order, with or without a byte order mark.

use super::{ByteOrder, DecodeHandler, EncodeHandler, Failure, Problem, ask_decode, ask_encode, is_surrogate};
use crate::{CodePoints, Sink};

/// Decodes UTF-32 and gives the number of bytes consumed. Without an order, a byte order mark at the
/// start sets it, else the text is taken as little-endian.
pub fn decode_utf32<E>(
    input: &[u8],
    order: &mut Option<ByteOrder>,
    last: bool,
    handler: DecodeHandler<'_, E>,
    out: &mut impl Sink,
) -> Result<usize, Failure<E>> {
    let mut at = 0;
    if order.is_none() && input.len() >= 4 {
        at = 4;
        match input[..4] {
            [0xFF, 0xFE, 0, 0] => *order = Some(ByteOrder::Little),
            [0, 0, 0xFE, 0xFF] => *order = Some(ByteOrder::Big),
            _ => at = 0,
        }
    }
    let big = *order == Some(ByteOrder::Big);
    let encoding = if big { "utf-32-be" } else { "utf-32-le" };
    let len = input.len();
    while at < len {
        let mut end = at + 4;
        let reason = match input.get(at..end) {
            Some(&[a, b, c, d]) => {
                let bytes = [a, b, c, d];
                match if big { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) } {
                    c if is_surrogate(c) => "code point in surrogate code point range(0xd800, 0xe000)",
                    0x11_0000.. => "code point not in range(0x110000)",
                    c => {
                        out.push(c);
                        at = end;
                        continue;
                    }
                }
            }
            _ if !last => return Ok(at),
            _ => {
                end = len;
                "truncated data"
            }
        };
        let problem = Problem { encoding, start: at, end, reason: reason.into() };
        at = ask_decode(problem, len, handler, out)?;
    }
    Ok(len)
}

/// Encodes UTF-32. Without an order it is little-endian, after a byte order mark.
pub fn encode_utf32<S, E>(
    text: &S,
    order: Option<ByteOrder>,
    handler: EncodeHandler<'_, E>,
) -> Result<Vec<u8>, Failure<E>>
where
    S: CodePoints + ?Sized,
{
    let (encoding, big) = match order {
        None => ("utf-32", false),
        Some(ByteOrder::Little) => ("utf-32-le", false),
        Some(ByteOrder::Big) => ("utf-32-be", true),
    };
    let push = |c: u32, out: &mut Vec<u8>| out.extend(if big { c.to_be_bytes() } else { c.to_le_bytes() });
    let len = text.len();
    let mut out = Vec::with_capacity(4 * len + 4);
    if order.is_none() {
        push(0xFEFF, &mut out);
    }
    let mut at = 0;
    while at < len {
        let c = text.get(at);
        if !is_surrogate(c) {
            push(c, &mut out);
            at += 1;
            continue;
        }
        let reason = "surrogates not allowed".into();
        let problem = Problem { encoding, start: at, end: at + 1, reason };
        let write = &mut |c: u32, out: &mut Vec<u8>| {
            push(c, out);
            c < 0x80
        };
        at = ask_encode(problem, len, handler, 4, write, &mut out)?;
    }
    Ok(out)
}
