//! Texts as slices of characters of one width, and the scans over them that a match spends its time in.
//!
//! Invariant: every scan decides what it looks for once, before its loop over characters.

use super::charset::Set;
use super::program::Unit;

/// A character as it is stored.
pub trait Char: Copy + Eq {
    /// Its code point.
    fn code(self) -> u32;

    /// Whether it is in the set.
    fn is_in(self, set: &Set) -> bool;

    /// The character with that code point, if it has this width.
    fn narrow(code: u32) -> Option<Self>;

    /// Where the character first is.
    fn find(self, text: &[Self]) -> Option<usize> {
        text.iter().position(|&other| other == self)
    }

    /// Where the character last is.
    fn find_last(self, text: &[Self]) -> Option<usize> {
        text.iter().rposition(|&other| other == self)
    }
}

impl Char for u8 {
    #[inline(always)]
    fn code(self) -> u32 {
        u32::from(self)
    }

    #[inline(always)]
    fn is_in(self, set: &Set) -> bool {
        set.contains_byte(self)
    }

    fn narrow(code: u32) -> Option<u8> {
        u8::try_from(code).ok()
    }

    fn find(self, text: &[u8]) -> Option<usize> {
        memchr::memchr(self, text)
    }

    fn find_last(self, text: &[u8]) -> Option<usize> {
        memchr::memrchr(self, text)
    }
}

impl Char for u16 {
    #[inline(always)]
    fn code(self) -> u32 {
        u32::from(self)
    }

    #[inline(always)]
    fn is_in(self, set: &Set) -> bool {
        set.contains(u32::from(self))
    }

    fn narrow(code: u32) -> Option<u16> {
        u16::try_from(code).ok()
    }
}

impl Char for u32 {
    #[inline(always)]
    fn code(self) -> u32 {
        self
    }

    #[inline(always)]
    fn is_in(self, set: &Set) -> bool {
        set.contains(self)
    }

    fn narrow(code: u32) -> Option<u32> {
        Some(code)
    }
}

const NEWLINE: u32 = 10;

/// Whether one character is what `unit` takes.
#[inline(always)]
pub fn is<C: Char>(sets: &[Set], unit: Unit, character: C) -> bool {
    match unit {
        Unit::Any => character.code() != NEWLINE,
        Unit::All => true,
        Unit::Literal(literal) => character.code() == literal,
        Unit::NotLiteral(literal) => character.code() != literal,
        Unit::Set(number) => character.is_in(&sets[number as usize]),
        Unit::Never => false,
    }
}

/// How many characters at the beginning of `text` are what `unit` takes.
pub fn span<C: Char>(sets: &[Set], unit: Unit, text: &[C]) -> usize {
    let until = |found: Option<usize>| found.unwrap_or(text.len());
    let find = |code| until(C::narrow(code).and_then(|wanted| wanted.find(text)));
    match unit {
        Unit::Any => find(NEWLINE),
        Unit::All => text.len(),
        Unit::NotLiteral(literal) => find(literal),
        Unit::Never => 0,
        Unit::Literal(literal) => match C::narrow(literal) {
            Some(wanted) => until(text.iter().position(|&character| character != wanted)),
            None => 0,
        },
        Unit::Set(number) => {
            let set = &sets[number as usize];
            let (begin, rest) = text.split_at(text.len().min(SHORT));
            if let Some(len) = begin.iter().position(|character| !character.is_in(set)) {
                return len;
            }
            // A long run: eight at a time, without a branch for each.
            let all_in = |chunk: &[C]| chunk.iter().fold(true, |all, character| all & character.is_in(set));
            let skipped = begin.len() + 8 * rest.chunks_exact(8).take_while(|chunk| all_in(chunk)).count();
            let end = text[skipped..].iter().position(|character| !character.is_in(set));
            end.map_or(text.len(), |end| skipped + end)
        }
    }
}

/// Characters looked at one by one before a run counts as long.
const SHORT: usize = 16;

/// Where the first character of `text` is that `unit` takes.
pub fn find<C: Char>(sets: &[Set], unit: Unit, text: &[C]) -> Option<usize> {
    match unit {
        Unit::Any => text.iter().position(|character| character.code() != NEWLINE),
        Unit::All => (!text.is_empty()).then_some(0),
        Unit::Literal(literal) => C::narrow(literal)?.find(text),
        Unit::NotLiteral(literal) => text.iter().position(|character| character.code() != literal),
        Unit::Never => None,
        Unit::Set(number) => {
            let set = &sets[number as usize];
            text.iter().position(|character| character.is_in(set))
        }
    }
}

/// Where the last character of `text` is that `unit` takes.
pub fn find_last<C: Char>(sets: &[Set], unit: Unit, text: &[C]) -> Option<usize> {
    match unit {
        Unit::Literal(literal) => C::narrow(literal)?.find_last(text),
        Unit::Set(number) => {
            let set = &sets[number as usize];
            text.iter().rposition(|character| character.is_in(set))
        }
        unit => text.iter().rposition(|&character| is(sets, unit, character)),
    }
}

/// Where `prefix` first is. `overlap` says for each length less one how much of the prefix its end repeats.
pub fn find_prefix<C: Char>(text: &[C], prefix: &[u32], overlap: &[u32]) -> Option<usize> {
    let first = C::narrow(*prefix.first()?)?;
    let (mut at, mut matched) = (0, 0);
    loop {
        if matched == 0 {
            at += first.find(text.get(at..)?)? + 1;
            matched = 1;
        }
        while matched < prefix.len() {
            let character = text.get(at)?.code();
            if character == prefix[matched] {
                matched += 1;
                at += 1;
            } else {
                // What matched ends like the prefix begins: go on from there with the same character.
                matched = overlap[matched - 1] as usize;
                if matched == 0 {
                    break;
                }
            }
        }
        if matched == prefix.len() {
            return Some(at - matched);
        }
    }
}
