//! Splitting, stripping, replacing and padding, for str and bytes alike.
//!
//! Pieces are ranges of the text, always in order from left to right; objects cut them out. What
//! counts as a space or a line break is a parameter, because str and bytes differ in it.

use crate::search::{count, each_match};
use crate::unicode::{is_line_break, is_space};
use crate::{CodePoints, Sink, Slice, TextError};
use std::ops::Range;

/// Which spaces and line breaks count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alphabet {
    /// Those of Unicode, for str.
    Unicode,
    /// Those of ASCII, for bytes.
    Ascii,
}

impl Alphabet {
    /// True for a space.
    #[must_use]
    #[inline]
    pub fn is_space(self, c: u32) -> bool {
        match self {
            Alphabet::Unicode => is_space(c),
            Alphabet::Ascii => matches!(c, 0x20 | 0x09..=0x0D),
        }
    }

    /// True for a character that ends a line.
    #[must_use]
    #[inline]
    pub fn is_line_break(self, c: u32) -> bool {
        match self {
            Alphabet::Unicode => is_line_break(c),
            Alphabet::Ascii => matches!(c, 0x0A | 0x0D),
        }
    }
}

/// Which of the Latin-1 characters belong to a set.
const fn latin1(space: bool, unicode: bool) -> [bool; 256] {
    let mut table = [false; 256];
    let mut c = 0;
    while c < 256 {
        table[c] = match (space, unicode) {
            (true, true) => matches!(c, 0x09..=0x0D | 0x1C..=0x20 | 0x85 | 0xA0),
            (true, false) => matches!(c, 0x20 | 0x09..=0x0D),
            (false, true) => matches!(c, 0x0A..=0x0D | 0x1C..=0x1E | 0x85),
            (false, false) => matches!(c, 0x0A | 0x0D),
        };
        c += 1;
    }
    table
}

static SPACES: [[bool; 256]; 2] = [latin1(true, true), latin1(true, false)];
static LINE_BREAKS: [[bool; 256]; 2] = [latin1(false, true), latin1(false, false)];

impl Alphabet {
    fn spaces(self) -> &'static [bool; 256] {
        &SPACES[self as usize]
    }

    fn line_breaks(self) -> &'static [bool; 256] {
        &LINE_BREAKS[self as usize]
    }
}

/// `strip()` of spaces.
#[must_use]
pub fn strip_spaces(text: Slice<'_>, alphabet: Alphabet, left: bool, right: bool) -> Range<usize> {
    match text {
        Slice::U1(units) => {
            let spaces = alphabet.spaces();
            strip_units(units, left, right, |unit| spaces[unit as usize])
        }
        Slice::U2(units) => strip_units(units, left, right, |unit| alphabet.is_space(unit.into())),
        Slice::U4(units) => strip_units(units, left, right, |unit| alphabet.is_space(unit)),
    }
}

/// What is left of units when some are stripped from the ends.
#[inline]
pub fn strip_units<U: Copy>(units: &[U], left: bool, right: bool, stripped: impl Fn(U) -> bool) -> Range<usize> {
    let start = if left { units.iter().position(|&unit| !stripped(unit)).unwrap_or(units.len()) } else { 0 };
    let kept = &units[start..];
    let len =
        if right { kept.iter().rposition(|&unit| !stripped(unit)).map_or(0, |last| last + 1) } else { kept.len() };
    start..start + len
}

/// Room for so many pieces is asked for at once, as asking for more on the way takes longer.
const PIECES: usize = 32;

fn split_byte_spaces(text: &[u8], spaces: &[bool; 256], limit: usize) -> Vec<Range<usize>> {
    let space = |byte: &u8| spaces[usize::from(*byte)];
    let mut pieces = Vec::with_capacity(PIECES);
    let mut at = 0;
    while let Some(skipped) = text[at..].iter().position(|byte| !space(byte)) {
        let start = at + skipped;
        if pieces.len() == limit {
            pieces.push(start..text.len());
            break;
        }
        at = text[start..].iter().position(space).map_or(text.len(), |len| start + len);
        pieces.push(start..at);
    }
    pieces
}

/// The words of a text of bytes, one after the other.
pub fn words(text: &[u8], alphabet: Alphabet) -> impl Iterator<Item = Range<usize>> {
    let spaces = alphabet.spaces();
    let space = |byte: &u8| spaces[usize::from(*byte)];
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].iter().position(|byte| !space(byte))?;
        at = text[start..].iter().position(space).map_or(text.len(), |len| start + len);
        Some(start..at)
    })
}

/// `split()` at spaces, at most `limit` times.
#[must_use]
pub fn split_spaces<S>(text: &S, alphabet: Alphabet, limit: usize) -> Vec<Range<usize>>
where
    S: CodePoints + ?Sized,
{
    if let Some(Slice::U1(units)) = text.as_slice() {
        return split_byte_spaces(units, alphabet.spaces(), limit);
    }
    let space = |i: &usize| alphabet.is_space(text.get(*i));
    let len = text.len();
    let mut pieces = Vec::with_capacity(PIECES);
    let mut at = 0;
    loop {
        let Some(start) = (at..len).find(|i| !space(i)) else { return pieces };
        if pieces.len() == limit {
            pieces.push(start..len);
            return pieces;
        }
        at = (start..len).find(space).unwrap_or(len);
        pieces.push(start..at);
    }
}

/// `rsplit()` at spaces, at most `limit` times from the right.
#[must_use]
pub fn rsplit_spaces<S>(text: &S, alphabet: Alphabet, limit: usize) -> Vec<Range<usize>>
where
    S: CodePoints + ?Sized,
{
    let space = |i: &usize| alphabet.is_space(text.get(*i));
    let mut pieces = Vec::with_capacity(PIECES);
    let mut at = text.len();
    while let Some(last) = (0..at).rev().find(|i| !space(i)) {
        if pieces.len() == limit {
            pieces.push(0..last + 1);
            break;
        }
        at = (0..last).rev().find(space).map_or(0, |i| i + 1);
        pieces.push(at..last + 1);
    }
    pieces.reverse();
    pieces
}

/// `split(separator)` at most `limit` times. The separator is not empty.
#[must_use]
pub fn split_on(text: Slice<'_>, separator: Slice<'_>, limit: usize) -> Vec<Range<usize>> {
    let mut pieces = Vec::with_capacity(PIECES);
    let mut start = 0;
    if limit > 0 {
        each_match(text, separator, false, &mut |i| {
            pieces.push(start..i);
            start = i + separator.len();
            pieces.len() < limit
        });
    }
    pieces.push(start..text.len());
    pieces
}

/// `rsplit(separator)` at most `limit` times from the right. The separator is not empty.
#[must_use]
pub fn rsplit_on(text: Slice<'_>, separator: Slice<'_>, limit: usize) -> Vec<Range<usize>> {
    let mut pieces = Vec::with_capacity(PIECES);
    let mut end = text.len();
    if limit > 0 {
        each_match(text, separator, true, &mut |i| {
            pieces.push(i + separator.len()..end);
            end = i;
            pieces.len() < limit
        });
    }
    pieces.push(0..end);
    pieces.reverse();
    pieces
}

/// `splitlines(keep_ends)`. A carriage return and a line feed end one line.
#[must_use]
pub fn split_lines<S>(text: &S, alphabet: Alphabet, keep_ends: bool) -> Vec<Range<usize>>
where
    S: CodePoints + ?Sized,
{
    let len = text.len();
    let bytes = match text.as_slice() {
        Some(Slice::U1(units)) => Some((units, alphabet.line_breaks())),
        _ => None,
    };
    let mut lines = Vec::new();
    let mut start = 0;
    while start < len {
        let end = match bytes {
            Some((units, breaks)) => {
                units[start..].iter().position(|&unit| breaks[usize::from(unit)]).map(|at| start + at)
            }
            None => (start..len).find(|i| alphabet.is_line_break(text.get(*i))),
        };
        let Some(end) = end else {
            lines.push(start..len);
            break;
        };
        let both = text.get(end) == 0x0D && end + 1 < len && text.get(end + 1) == 0x0A;
        let next = end + 1 + usize::from(both);
        lines.push(start..if keep_ends { next } else { end });
        start = next;
    }
    lines
}

/// What is left of a text when characters are stripped from its ends.
pub fn strip<S>(text: &S, left: bool, right: bool, stripped: impl Fn(u32) -> bool) -> Range<usize>
where
    S: CodePoints + ?Sized,
{
    let mut range = 0..text.len();
    while left && !range.is_empty() && stripped(text.get(range.start)) {
        range.start += 1;
    }
    while right && !range.is_empty() && stripped(text.get(range.end - 1)) {
        range.end -= 1;
    }
    range
}

/// `replace(old, new, limit)`; gives how many were replaced.
pub fn replace(
    text: Slice<'_>,
    old: Slice<'_>,
    new: Slice<'_>,
    limit: usize,
    out: &mut impl Sink,
) -> Result<usize, TextError> {
    // Count the matches only where as many as there can be might not fit.
    let most = (text.len() / old.len().max(1) + 1).min(limit);
    if new.len() > old.len() && out.require(text.len().saturating_add(most.saturating_mul(new.len()))).is_err() {
        let matches = count(text, old, 0..text.len()).min(limit);
        out.require((text.len() - matches * old.len()).saturating_add(matches.saturating_mul(new.len())))?;
    }
    let mut start = 0;
    let mut done = 0;
    if limit > 0 {
        each_match(text, old, false, &mut |i| {
            out.push_range(&text, start..i);
            out.push_range(&new, 0..new.len());
            start = i + old.len();
            done += 1;
            done < limit
        });
    }
    out.push_range(&text, start..text.len());
    Ok(done)
}

/// `expandtabs(size)`. Columns start anew after a line feed or a carriage return.
pub fn expand_tabs<S>(text: &S, size: usize, out: &mut impl Sink) -> Result<(), TextError>
where
    S: CodePoints + ?Sized,
{
    let tabs = text.points().filter(|c| *c == 0x09).count();
    out.require(tabs.saturating_mul(size))?;
    let mut column = 0;
    for c in text.points() {
        match c {
            0x09 => {
                if size > 0 {
                    let spaces = size - column % size;
                    out.push_repeated(0x20, spaces);
                    column += spaces;
                }
            }
            0x0A | 0x0D => {
                out.push(c);
                column = 0;
            }
            _ => {
                out.push(c);
                column += 1;
            }
        }
    }
    Ok(())
}

/// `zfill(width)`: zeros go between a sign and the digits.
pub fn zfill<S>(text: &S, width: usize, out: &mut impl Sink) -> Result<(), TextError>
where
    S: CodePoints + ?Sized,
{
    out.require(width)?;
    let len = text.len();
    let sign = usize::from(len > 0 && matches!(text.get(0), 0x2B | 0x2D));
    out.push_range(text, 0..sign);
    out.push_repeated(0x30, width.saturating_sub(len));
    out.push_range(text, sign..len);
    Ok(())
}

/// The padding on both sides that `center` gives a text of `len` characters.
#[must_use]
pub fn center_padding(len: usize, width: usize) -> (usize, usize) {
    let total = width.saturating_sub(len);
    let left = total / 2 + (total & width & 1);
    (left, total - left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_say_what_the_functions_do() {
        for alphabet in [Alphabet::Unicode, Alphabet::Ascii] {
            for c in 0..=255u8 {
                assert_eq!(alphabet.spaces()[usize::from(c)], alphabet.is_space(c.into()), "{alphabet:?} {c}");
                assert_eq!(
                    alphabet.line_breaks()[usize::from(c)],
                    alphabet.is_line_break(c.into()),
                    "{alphabet:?} {c}"
                );
            }
        }
    }
}
