//! Decoding by a table of 256 characters, as the `encodings` package does for most code pages.

use super::{DecodeHandler, Failure, Problem, ask_decode};
use crate::{CodePoints, Sink};

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
        let reason = "character maps to <undefined>".into();
        let problem = Problem { encoding: "charmap", start: at, end: at + 1, reason };
        at = ask_decode(problem, input.len(), handler, out)?;
    }
    Ok(())
}
