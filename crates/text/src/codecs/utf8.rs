//! UTF-8. Well-formed stretches are checked by the standard library; only errors are looked at here.

use super::{DecodeHandler, EncodeHandler, Failure, Problem, ask_decode, ask_encode, is_surrogate};
use crate::{CodePoints, Sink, Slice, Unit, with_units};

/// Decodes UTF-8 and gives the number of bytes consumed: all of them when `last`, else all but a
/// sequence that the input ends in the middle of.
pub fn decode_utf8<E>(
    input: &[u8],
    last: bool,
    handler: DecodeHandler<'_, E>,
    out: &mut impl Sink,
) -> Result<usize, Failure<E>> {
    let mut at = 0;
    loop {
        let error = match std::str::from_utf8(&input[at..]) {
            Ok(text) => {
                out.push_str(text);
                return Ok(input.len());
            }
            Err(error) => error,
        };
        let start = at + error.valid_up_to();
        out.push_str(std::str::from_utf8(&input[at..start]).unwrap_or_default());
        let (end, reason) = match error.error_len() {
            None if !last => return Ok(start),
            // The start of an encoded surrogate waits for its end, which `surrogatepass` may want.
            _ if !last && matches!(input[start..], [0xED, 0xA0..=0xBF]) => return Ok(start),
            None => (input.len(), "unexpected end of data"),
            Some(1) if !matches!(input[start], 0xC2..=0xF4) => (start + 1, "invalid start byte"),
            Some(len) => (start + len, "invalid continuation byte"),
        };
        let problem = Problem { encoding: "utf-8", start, end, reason: reason.into() };
        at = ask_decode(problem, input.len(), handler, out)?;
    }
}

fn push_utf8(c: u32, out: &mut Vec<u8>) -> bool {
    if let Ok(byte) = u8::try_from(c)
        && byte < 0x80
    {
        out.push(byte);
        return true;
    }
    let Some(c) = char::from_u32(c) else { return false };
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    true
}

/// Encodes units up to the first surrogate; gives how many those are.
fn push_clean<U: Unit>(units: &[U], out: &mut Vec<u8>) -> usize {
    for (index, &unit) in units.iter().enumerate() {
        let c: u32 = unit.into();
        let low = 0x80 | (c & 0x3F) as u8;
        let next = 0x80 | (c >> 6 & 0x3F) as u8;
        match c {
            0..=0x7F => out.push(c as u8),
            0x80..=0x7FF => out.extend_from_slice(&[0xC0 | (c >> 6) as u8, low]),
            0xD800..=0xDFFF => return index,
            0x800..=0xFFFF => out.extend_from_slice(&[0xE0 | (c >> 12) as u8, next, low]),
            _ => out.extend_from_slice(&[0xF0 | (c >> 18) as u8, 0x80 | (c >> 12 & 0x3F) as u8, next, low]),
        }
    }
    units.len()
}

/// Encodes UTF-8. Lone surrogates are a problem, taken together where they stand side by side.
pub fn encode_utf8<S, E>(text: &S, handler: EncodeHandler<'_, E>) -> Result<Vec<u8>, Failure<E>>
where
    S: CodePoints + ?Sized,
{
    if let Some(Slice::U1(bytes)) = text.as_slice()
        && bytes.is_ascii()
    {
        return Ok(bytes.to_vec());
    }
    let len = text.len();
    let mut out = Vec::with_capacity(len + len / 2);
    let mut at = 0;
    while at < len {
        at += match text.as_slice() {
            Some(slice) => with_units!(slice, units => push_clean(&units[at..], &mut out)),
            None => usize::from(push_utf8(text.get(at), &mut out)),
        };
        if at == len || !is_surrogate(text.get(at)) {
            continue;
        }
        let end = (at..len).find(|i| !is_surrogate(text.get(*i))).unwrap_or(len);
        let reason = "surrogates not allowed".into();
        let problem = Problem { encoding: "utf-8", start: at, end, reason };
        let write = &mut |c: u32, out: &mut Vec<u8>| c < 0x80 && push_utf8(c, out);
        at = ask_encode(problem, len, handler, 1, write, &mut out)?;
    }
    Ok(out)
}
