//! Decoding by a table of 256 characters and encoding by a mapping, as the `encodings` package does
//! for most code pages.

use super::{DecodeHandler, EncodeHandler, Failure, Problem, Replacement, ask_decode};
use crate::{CodePoints, Sink};

const REASON: &str = "character maps to <undefined>";

/// Decodes by a table; U+FFFE in it, or its end, means undefined.
pub fn decode_charmap<S, E>(
    input: &[u8],
    table: &S,
    handler: DecodeHandler<'_, E>,
    out: &mut impl Sink,
) -> Result<(), Failure<E>>
where
    S: CodePoints + ?Sized,
{
    let mut at = 0;
    while at < input.len() {
        let index = usize::from(input[at]);
        let c = if index < table.len() { table.get(index) } else { 0xFFFE };
        if c != 0xFFFE {
            out.push(c);
            at += 1;
            continue;
        }
        let problem = Problem { encoding: "charmap", start: at, end: at + 1, reason: REASON.into() };
        at = ask_decode(problem, input.len(), handler, out)?;
    }
    Ok(())
}

/// Appends the bytes of a character, or tells that it has none.
pub type CharmapLookup<'l, E> = &'l mut dyn FnMut(u32, &mut Vec<u8>) -> Result<bool, E>;

/// Encodes by a mapping: `lookup` appends the bytes of a character, or tells that it has none.
/// It is asked more than once about characters that have none.
pub fn encode_charmap<S, E>(
    text: &S,
    lookup: CharmapLookup<'_, E>,
    handler: EncodeHandler<'_, E>,
) -> Result<Vec<u8>, Failure<E>>
where
    S: CodePoints + ?Sized,
{
    let len = text.len();
    let mut out = Vec::with_capacity(len);
    let mut unused = Vec::new();
    let mut at = 0;
    while at < len {
        if lookup(text.get(at), &mut out).map_err(Failure::Handler)? {
            at += 1;
            continue;
        }
        let mut end = at + 1;
        while end < len && !lookup(text.get(end), &mut unused).map_err(Failure::Handler)? {
            end += 1;
        }
        let problem = Problem { encoding: "charmap", start: at, end, reason: REASON.into() };
        let Some(fix) = handler(&problem).map_err(Failure::Handler)? else {
            return Err(Failure::Problem(problem));
        };
        match fix.replacement {
            Replacement::Bytes(bytes) => out.extend(bytes),
            Replacement::Text(replacement) => {
                for c in replacement.points() {
                    if !lookup(c, &mut out).map_err(Failure::Handler)? {
                        return Err(Failure::Problem(problem));
                    }
                }
            }
        }
        at = fix.resume.min(len);
    }
    Ok(out)
}
