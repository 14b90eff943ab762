//! The rest of what `unicodedata` tells: combining classes, directions, widths, numeric values,
//! decompositions, and the four normal forms.
//!
//! Hangul syllables are composed and decomposed by arithmetic and stand in no table.

use super::database_tables::{BIDI, DATA, DECOMPOSITIONS, LEAVES, NUMBERS, PAIRS, RECORDS, SHIFT, TAGS, TOP, WIDTHS};
use crate::{CodePoints, Sink};

fn record(c: u32) -> (u8, u8, bool, u8, u16) {
    let top = TOP.get((c >> SHIFT) as usize).copied().unwrap_or(0);
    let leaf = LEAVES[(usize::from(top) << SHIFT) + (c & ((1 << SHIFT) - 1)) as usize];
    RECORDS[usize::from(leaf)]
}

/// The canonical combining class.
#[must_use]
pub fn combining(c: u32) -> u8 {
    record(c).0
}

/// The bidirectional class, `"L"` and the like; empty for what is not assigned.
#[must_use]
pub fn bidirectional(c: u32) -> &'static str {
    BIDI[usize::from(record(c).1)]
}

/// True when the character is mirrored in text from right to left.
#[must_use]
pub fn mirrored(c: u32) -> bool {
    record(c).2
}

/// The East Asian width, `"W"` and the like.
#[must_use]
pub fn east_asian_width(c: u32) -> &'static str {
    WIDTHS[usize::from(record(c).3)]
}

/// The numeric value.
#[must_use]
pub fn numeric(c: u32) -> Option<f64> {
    let index = usize::from(record(c).4);
    NUMBERS.get(index.wrapping_sub(1)).copied()
}

/// The tag and the characters of a decomposition that stands in the table.
fn entry(c: u32) -> Option<(u8, &'static [u32])> {
    let place = DECOMPOSITIONS.binary_search_by_key(&c, |entry| entry.0).ok()?;
    let (_, tag, start, len) = DECOMPOSITIONS[place];
    Some((tag, &DATA[usize::from(start)..usize::from(start) + usize::from(len)]))
}

/// The decomposition as `unicodedata.decomposition` writes it; empty when there is none.
#[must_use]
pub fn decomposition(c: u32) -> String {
    let mut syllable = Vec::new();
    let (tag, points) = match entry(c) {
        Some((tag, points)) => (tag, points),
        None if c.wrapping_sub(SYLLABLES) < SYLLABLE_COUNT => {
            decompose(c, false, &mut syllable);
            (0, syllable.as_slice())
        }
        None => return String::new(),
    };
    let codes = points.iter().map(|c| format!("{c:04X}"));
    let tag = Some(TAGS[usize::from(tag)].to_owned()).filter(|tag| !tag.is_empty());
    tag.into_iter().chain(codes).collect::<Vec<_>>().join(" ")
}

/// A normal form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NormalForm {
    /// Canonical composition.
    Nfc,
    /// Compatibility composition.
    Nfkc,
    /// Canonical decomposition.
    Nfd,
    /// Compatibility decomposition.
    Nfkd,
}

impl NormalForm {
    /// The form of a name; any other is `ValueError: invalid normalization form`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "NFC" => Self::Nfc,
            "NFKC" => Self::Nfkc,
            "NFD" => Self::Nfd,
            "NFKD" => Self::Nfkd,
            _ => return None,
        })
    }
}

const SYLLABLES: u32 = 0xAC00;
const LEADING: u32 = 0x1100;
const VOWELS: u32 = 0x1161;
const TRAILING: u32 = 0x11A7;
const VOWEL_COUNT: u32 = 21;
const TRAILING_COUNT: u32 = 28;
const SYLLABLE_COUNT: u32 = 11172;

fn decompose(c: u32, compatible: bool, out: &mut Vec<u32>) {
    if c < 0x80 {
        return out.push(c);
    }
    let syllable = c.wrapping_sub(SYLLABLES);
    if syllable < SYLLABLE_COUNT {
        out.push(LEADING + syllable / (VOWEL_COUNT * TRAILING_COUNT));
        out.push(VOWELS + syllable / TRAILING_COUNT % VOWEL_COUNT);
        if !syllable.is_multiple_of(TRAILING_COUNT) {
            out.push(TRAILING + syllable % TRAILING_COUNT);
        }
        return;
    }
    match entry(c) {
        Some((tag, points)) if tag == 0 || compatible => points.iter().for_each(|c| decompose(*c, compatible, out)),
        _ => out.push(c),
    }
}

fn compose_pair(a: u32, b: u32) -> Option<u32> {
    let (leading, vowel) = (a.wrapping_sub(LEADING), b.wrapping_sub(VOWELS));
    if leading < 19 && vowel < VOWEL_COUNT {
        return Some(SYLLABLES + (leading * VOWEL_COUNT + vowel) * TRAILING_COUNT);
    }
    let (syllable, trailing) = (a.wrapping_sub(SYLLABLES), b.wrapping_sub(TRAILING));
    if syllable < SYLLABLE_COUNT && syllable.is_multiple_of(TRAILING_COUNT) && (1..TRAILING_COUNT).contains(&trailing) {
        return Some(a + trailing);
    }
    let place = PAIRS.binary_search_by_key(&(a, b), |pair| (pair.0, pair.1)).ok()?;
    Some(PAIRS[place].2)
}

/// Joins each starter with the marks after it that are not blocked from it.
fn compose(points: &mut Vec<u32>) {
    let mut starter: Option<usize> = None;
    let mut last_class = 0;
    let mut kept = 0;
    for i in 0..points.len() {
        let c = points[i];
        let class = combining(c);
        let adjacent = starter.is_some_and(|s| s + 1 == kept);
        if let Some(s) = starter
            && (adjacent || (last_class < class && last_class != 0))
            && let Some(joined) = compose_pair(points[s], c)
        {
            points[s] = joined;
            continue;
        }
        if class == 0 {
            starter = Some(kept);
        }
        last_class = class;
        points[kept] = c;
        kept += 1;
    }
    points.truncate(kept);
}

/// `unicodedata.normalize`.
pub fn normalize<S: CodePoints + ?Sized>(form: NormalForm, text: &S, out: &mut impl Sink) {
    normalize_with(form, text, out, |_| None);
}

/// As `normalize`; `instead` says what stands in place of a character's decomposition.
pub(super) fn normalize_with<S: CodePoints + ?Sized>(
    form: NormalForm,
    text: &S,
    out: &mut impl Sink,
    instead: impl Fn(u32) -> Option<u32>,
) {
    let compatible = matches!(form, NormalForm::Nfkc | NormalForm::Nfkd);
    let mut points = Vec::with_capacity(text.len());
    text.points().for_each(|c| match instead(c) {
        Some(c) => points.push(c),
        None => decompose(c, compatible, &mut points),
    });
    // Marks are put in the order of their classes, between one starter and the next.
    for run in points.chunk_by_mut(|_, next| combining(*next) != 0) {
        if run.len() > 1 {
            let marks = usize::from(combining(run[0]) == 0);
            run[marks..].sort_by_key(|c| combining(*c));
        }
    }
    if matches!(form, NormalForm::Nfc | NormalForm::Nfkc) {
        compose(&mut points);
    }
    points.iter().for_each(|c| out.push(*c));
}
