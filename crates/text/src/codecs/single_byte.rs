//! Latin-1 and ASCII: one byte, one character.

use super::{DecodeHandler, EncodeHandler, Failure, Problem, ask_decode, ask_encode};
use crate::{CodePoints, Sink, Slice};

/// Decodes Latin-1, which cannot fail.
pub fn decode_latin1(input: &[u8], out: &mut impl Sink) {
    out.push_latin1(input);
}

/// Decodes ASCII.
pub fn decode_ascii<E>(input: &[u8], handler: DecodeHandler<'_, E>, out: &mut impl Sink) -> Result<(), Failure<E>> {
    let mut at = 0;
    while at < input.len() {
        let rest = &input[at..];
        let good = rest.iter().position(|b| !b.is_ascii()).unwrap_or(rest.len());
        out.push_latin1(&rest[..good]);
        at += good;
        if at < input.len() {
            let reason = "ordinal not in range(128)".into();
            let problem = Problem { encoding: "ascii", start: at, end: at + 1, reason };
            at = ask_decode(problem, input.len(), handler, out)?;
        }
    }
    Ok(())
}

/// Encodes Latin-1.
pub fn encode_latin1<S, E>(text: &S, handler: EncodeHandler<'_, E>) -> Result<Vec<u8>, Failure<E>>
where
    S: CodePoints + ?Sized,
{
    if let Some(Slice::U1(bytes)) = text.as_slice() {
        return Ok(bytes.to_vec());
    }
    encode_below(text, 0x100, "latin-1", "ordinal not in range(256)", handler)
}

/// Encodes ASCII.
pub fn encode_ascii<S, E>(text: &S, handler: EncodeHandler<'_, E>) -> Result<Vec<u8>, Failure<E>>
where
    S: CodePoints + ?Sized,
{
    encode_below(text, 0x80, "ascii", "ordinal not in range(128)", handler)
}

fn encode_below<S, E>(
    text: &S,
    limit: u32,
    encoding: &'static str,
    reason: &'static str,
    handler: EncodeHandler<'_, E>,
) -> Result<Vec<u8>, Failure<E>>
where
    S: CodePoints + ?Sized,
{
    let len = text.len();
    let mut out = Vec::with_capacity(len);
    let mut push = |c: u32, out: &mut Vec<u8>| {
        if c < limit {
            out.push(c as u8);
        }
        c < limit
    };
    let mut at = 0;
    while at < len {
        if push(text.get(at), &mut out) {
            at += 1;
            continue;
        }
        let end = (at..len).find(|i| text.get(*i) < limit).unwrap_or(len);
        let problem = Problem { encoding, start: at, end, reason: reason.into() };
        at = ask_encode(problem, len, handler, 1, &mut push, &mut out)?;
    }
    Ok(out)
}
