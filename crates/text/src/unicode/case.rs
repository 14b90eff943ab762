//! Full case mappings: one character becomes up to three.
//!
//! The only mapping that looks at its neighbours is the capital sigma, which becomes a final sigma
//! at the end of a word; it is handled in the functions over whole texts.

use super::{EXTENDED, is_case_ignorable, is_cased, is_lower, is_upper, record};
use crate::{CodePoints, Sink};

/// The one to three characters that a character maps to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mapped([u32; 3]);

impl Mapped {
    /// The characters, in order.
    pub fn points(self) -> impl Iterator<Item = u32> {
        let [first, rest @ ..] = self.0;
        std::iter::once(first).chain(rest.into_iter().filter(|c| *c != 0))
    }

    /// The character, when the mapping is one to one.
    #[must_use]
    pub fn single(self) -> Option<u32> {
        (self.0[1] == 0).then_some(self.0[0])
    }
}

#[inline]
fn mapped(c: u32, case: usize) -> Mapped {
    let distance = record(c).cases[case];
    if distance >= 0x20_0000 {
        let longer = EXTENDED.get((distance - 0x20_0000) as usize);
        return Mapped(longer.copied().unwrap_or([c, 0, 0]));
    }
    Mapped([c.wrapping_add_signed(distance), 0, 0])
}

/// The upper-case form of a character.
#[must_use]
#[inline]
pub fn upper(c: u32) -> Mapped {
    mapped(c, 0)
}

/// The lower-case form of a character on its own.
#[must_use]
#[inline]
pub fn lower(c: u32) -> Mapped {
    mapped(c, 1)
}

/// The title-case form of a character.
#[must_use]
#[inline]
pub fn title(c: u32) -> Mapped {
    mapped(c, 2)
}

/// The case-folded form of a character.
#[must_use]
#[inline]
pub fn casefold(c: u32) -> Mapped {
    mapped(c, 3)
}

const SIGMA: u32 = 0x3A3;

/// A capital sigma is final when a cased character stands before it and none after it.
fn sigma<S: CodePoints + ?Sized>(text: &S, at: usize) -> u32 {
    let before = (0..at).rev().map(|i| text.get(i)).find(|c| !is_case_ignorable(*c));
    if !before.is_some_and(is_cased) {
        return 0x3C3;
    }
    let after = (at + 1..text.len()).map(|i| text.get(i)).find(|c| !is_case_ignorable(*c));
    if after.is_some_and(is_cased) { 0x3C3 } else { 0x3C2 }
}

fn push_lower<S: CodePoints + ?Sized>(text: &S, at: usize, c: u32, out: &mut impl Sink) {
    if c == SIGMA {
        out.push(sigma(text, at));
    } else {
        lower(c).points().for_each(|c| out.push(c));
    }
}

/// `str.lower`.
pub fn lower_str<S: CodePoints + ?Sized>(text: &S, out: &mut impl Sink) {
    for (i, c) in text.points().enumerate() {
        push_lower(text, i, c, out);
    }
}

/// `str.title`; with `first_only`, `str.capitalize`.
pub fn title_str<S: CodePoints + ?Sized>(text: &S, first_only: bool, out: &mut impl Sink) {
    let mut previous = false;
    for (i, c) in text.points().enumerate() {
        if previous {
            push_lower(text, i, c, out);
        } else {
            title(c).points().for_each(|c| out.push(c));
        }
        previous = first_only || is_cased(c);
    }
}

/// `str.swapcase`.
pub fn swapcase_str<S: CodePoints + ?Sized>(text: &S, out: &mut impl Sink) {
    for (i, c) in text.points().enumerate() {
        if is_upper(c) {
            push_lower(text, i, c, out);
        } else if is_lower(c) {
            upper(c).points().for_each(|c| out.push(c));
        } else {
            out.push(c);
        }
    }
}

/// `str.upper`.
pub fn upper_str<S: CodePoints + ?Sized>(text: &S, out: &mut impl Sink) {
    for c in text.points() {
        upper(c).points().for_each(|c| out.push(c));
    }
}

/// The case of a whole text, where every character has one counterpart that does not depend on its neighbours and fits into 16 bits.
fn one_to_one(text: &[u16], counterpart: impl Fn(u32) -> Mapped) -> Option<Vec<u16>> {
    let mut made = Vec::with_capacity(text.len());
    for &unit in text {
        // What its lower case is depends on where it stands.
        if u32::from(unit) == SIGMA {
            return None;
        }
        made.push(u16::try_from(counterpart(unit.into()).single()?).ok()?);
    }
    Some(made)
}

/// `upper_str`, where that is simple.
#[must_use]
pub fn upper_units(text: &[u16]) -> Option<Vec<u16>> {
    one_to_one(text, upper)
}

/// `lower_str`, where that is simple.
#[must_use]
pub fn lower_units(text: &[u16]) -> Option<Vec<u16>> {
    one_to_one(text, lower)
}

/// `str.casefold`.
pub fn casefold_str<S: CodePoints + ?Sized>(text: &S, out: &mut impl Sink) {
    for c in text.points() {
        casefold(c).points().for_each(|c| out.push(c));
    }
}
