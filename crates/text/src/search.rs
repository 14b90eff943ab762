//! Finding one text in another, in linear time.
//!
//! Bytes use the `memchr` crate. Wider units use a plain scan for short needles and the two-way
//! algorithm of Crochemore and Perrin for long ones, so no input makes a search quadratic. Matches
//! never overlap, and an empty needle is found everywhere.

use crate::code_points::{AsUnits, narrow};
use crate::{CodePoints, Slice, Unit, with_units};
use memchr::memmem;
use std::ops::Range;

/// Needles up to this length are searched by scanning for their first unit.
const SHORT: usize = 6;

/// The unit at `i`, counted from the end when `REV`.
#[inline]
fn at<const REV: bool, T: Copy>(units: &[T], i: usize) -> T {
    units[if REV { units.len() - 1 - i } else { i }]
}

/// A needle prepared for the two-way algorithm, read backwards when `REV`.
struct TwoWay<'n, T, const REV: bool> {
    needle: &'n [T],
    /// Where the needle is cut: its right part is compared first.
    cut: usize,
    period: usize,
    /// The needle really has that period, so a match of the left part can be remembered.
    periodic: bool,
}

impl<'n, T: Unit, const REV: bool> TwoWay<'n, T, REV> {
    fn new(needle: &'n [T]) -> Self {
        let (cut_a, period_a) = maximal_suffix::<REV, T>(needle, false);
        let (cut_b, period_b) = maximal_suffix::<REV, T>(needle, true);
        let (cut, period) = if cut_a > cut_b { (cut_a, period_a) } else { (cut_b, period_b) };
        let get = |i| at::<REV, T>(needle, i);
        let periodic = period + cut <= needle.len() && (0..cut).all(|i| get(i) == get(i + period));
        let period = if periodic { period } else { cut.max(needle.len() - cut) + 1 };
        Self { needle, cut, period, periodic }
    }

    /// The first match at or after `start`, in the direction of reading.
    fn find(&self, hay: &[T], start: usize) -> Option<usize> {
        let len = self.needle.len();
        let mut place = start;
        let mut known = 0;
        while place + len <= hay.len() {
            let same = |i: usize| at::<REV, T>(self.needle, i) == at::<REV, T>(hay, place + i);
            if let Some(i) = (self.cut.max(known)..len).find(|i| !same(*i)) {
                place += i - self.cut + 1;
                known = 0;
                continue;
            }
            if (known..self.cut).rev().all(same) {
                return Some(place);
            }
            place += self.period;
            known = if self.periodic { len - self.period } else { 0 };
        }
        None
    }
}

/// The start and period of the lexicographically greatest suffix, in the usual or inverted order.
fn maximal_suffix<const REV: bool, T: Unit>(needle: &[T], inverted: bool) -> (usize, usize) {
    let (mut best, mut other, mut offset, mut period) = (0, 1, 0, 1);
    while other + offset < needle.len() {
        let a = at::<REV, T>(needle, other + offset);
        let b = at::<REV, T>(needle, best + offset);
        if a == b {
            if offset + 1 == period {
                other += period;
                offset = 0;
            } else {
                offset += 1;
            }
        } else if (a < b) != inverted {
            other += offset + 1;
            offset = 0;
            period = other - best;
        } else {
            best = other;
            other += 1;
            offset = 0;
            period = 1;
        }
    }
    (best, period)
}

/// Searching units of one width. The needle is not empty.
pub trait Search: Unit {
    /// Calls `found` with the start of each match from the left until it returns false.
    fn each_match(hay: &[Self], needle: &[Self], found: &mut dyn FnMut(usize) -> bool) {
        each_wide_match::<false, Self>(hay, needle, found);
    }

    /// The same from the right.
    fn each_match_from_right(hay: &[Self], needle: &[Self], found: &mut dyn FnMut(usize) -> bool) {
        let base = hay.len() - needle.len().min(hay.len());
        each_wide_match::<true, Self>(hay, needle, &mut |i| found(base - i));
    }
}

impl Search for u16 {}
impl Search for u32 {}

/// Where a byte first stands.
#[must_use]
#[inline]
pub fn byte(hay: &[u8], byte: u8) -> Option<usize> {
    memchr::memchr(byte, hay)
}

/// Texts up to this length are searched for the needle's first byte: preparing a needle would take longer.
const BRIEF: usize = 200;

/// The first match in a brief text of a needle that is not empty.
fn find_in_brief(hay: &[u8], needle: &[u8]) -> Option<usize> {
    let (&first, rest) = needle.split_first()?;
    let last = (hay.len() + 1).checked_sub(needle.len())?;
    let mut at = 0;
    while let Some(skipped) = memchr::memchr(first, &hay[at..last]) {
        at += skipped + 1;
        if &hay[at..at + rest.len()] == rest {
            return Some(at - 1);
        }
    }
    None
}

/// Needles of so many bytes are sought from the right by their first one.
const SHORT_BYTES: usize = 16;

/// The last match of a short needle that is not empty.
fn rfind_short(hay: &[u8], needle: &[u8]) -> Option<usize> {
    let (&first, rest) = needle.split_first()?;
    let mut end = (hay.len() + 1).checked_sub(needle.len())?;
    while let Some(place) = memchr::memrchr(first, &hay[..end]) {
        if &hay[place + 1..place + needle.len()] == rest {
            return Some(place);
        }
        end = place;
    }
    None
}

impl Search for u8 {
    fn each_match(hay: &[u8], needle: &[u8], found: &mut dyn FnMut(usize) -> bool) {
        if let [byte] = needle {
            let _ = memchr::memchr_iter(*byte, hay).all(found);
        } else if hay.len() <= BRIEF {
            let mut start = 0;
            while let Some(place) = find_in_brief(&hay[start..], needle) {
                if !found(start + place) {
                    return;
                }
                start += place + needle.len();
            }
        } else {
            let _ = memmem::find_iter(hay, needle).all(found);
        }
    }

    fn each_match_from_right(hay: &[u8], needle: &[u8], found: &mut dyn FnMut(usize) -> bool) {
        if let [byte] = needle {
            let _ = memchr::memrchr_iter(*byte, hay).all(found);
        } else {
            let _ = memmem::rfind_iter(hay, needle).all(found);
        }
    }
}

fn each_wide_match<const REV: bool, T: Unit>(hay: &[T], needle: &[T], found: &mut dyn FnMut(usize) -> bool) {
    let len = needle.len();
    if len == 0 || len > hay.len() {
        return;
    }
    let two_way = (len > SHORT).then(|| TwoWay::<T, REV>::new(needle));
    let mut start = 0;
    loop {
        let next = match &two_way {
            Some(two_way) => two_way.find(hay, start),
            None => scan::<REV, T>(hay, needle, start),
        };
        let Some(place) = next else { return };
        if !found(place) {
            return;
        }
        start = place + len;
    }
}

fn scan<const REV: bool, T: Unit>(hay: &[T], needle: &[T], start: usize) -> Option<usize> {
    let first = at::<REV, T>(needle, 0);
    let last = (hay.len() + 1).checked_sub(needle.len())?;
    (start..last).find(|place| {
        at::<REV, T>(hay, *place) == first
            && (1..needle.len()).all(|i| at::<REV, T>(needle, i) == at::<REV, T>(hay, place + i))
    })
}

/// Runs `body` with hay and needle in the hay's width, unless the needle cannot be in the hay.
fn each<'a, T>(hay: &[T], needle: Slice<'a>, from_right: bool, found: &mut dyn FnMut(usize) -> bool)
where
    T: Search,
    Slice<'a>: AsUnits<'a, T>,
{
    let Some(needle) = narrow::<T>(needle) else { return };
    if needle.is_empty() {
        let last = hay.len();
        let _ = (0..=last).map(|i| if from_right { last - i } else { i }).all(found);
    } else if from_right {
        T::each_match_from_right(hay, &needle, found);
    } else {
        T::each_match(hay, &needle, found);
    }
}

/// Calls `found` with the start of each match, from the left or the right, until it returns false.
/// An empty needle matches before every unit and at the end.
pub fn each_match(hay: Slice<'_>, needle: Slice<'_>, from_right: bool, found: &mut dyn FnMut(usize) -> bool) {
    if needle.len() <= hay.len() {
        with_units!(hay, units => each(units, needle, from_right, found));
    }
}

/// The first match of `needle` that lies within `range`.
#[must_use]
pub fn find(hay: Slice<'_>, needle: Slice<'_>, range: Range<usize>) -> Option<usize> {
    if let (Slice::U1(hay), Slice::U1(needle)) = (hay, needle)
        && !needle.is_empty()
    {
        let hay = &hay[range.clone()];
        let found = match needle {
            [one] => byte(hay, *one),
            _ if hay.len() <= BRIEF => find_in_brief(hay, needle),
            _ => memmem::find(hay, needle),
        };
        return found.map(|place| range.start + place);
    }
    let mut result = None;
    each_match(hay.slice(range.clone()), needle, false, &mut |i| {
        result = Some(range.start + i);
        false
    });
    result
}

/// The last match of `needle` that lies within `range`.
#[must_use]
pub fn rfind(hay: Slice<'_>, needle: Slice<'_>, range: Range<usize>) -> Option<usize> {
    if let (Slice::U1(hay), Slice::U1(needle)) = (hay, needle)
        && (1..=SHORT_BYTES).contains(&needle.len())
    {
        return rfind_short(&hay[range.clone()], needle).map(|place| range.start + place);
    }
    let mut result = None;
    each_match(hay.slice(range.clone()), needle, true, &mut |i| {
        result = Some(range.start + i);
        false
    });
    result
}

/// The number of matches that do not overlap within `range`.
#[must_use]
pub fn count(hay: Slice<'_>, needle: Slice<'_>, range: Range<usize>) -> usize {
    if let (Slice::U1(hay), Slice::U1([byte])) = (hay, needle) {
        return memchr::memchr_iter(*byte, &hay[range]).count();
    }
    let mut matches = 0;
    each_match(hay.slice(range), needle, false, &mut |_| {
        matches += 1;
        true
    });
    matches
}

/// True when `needle` occurs in `hay`.
#[must_use]
pub fn contains(hay: Slice<'_>, needle: Slice<'_>) -> bool {
    find(hay, needle, 0..hay.len()).is_some()
}

/// True when `text[range]` starts (or, with `at_end`, ends) with `affix`.
#[must_use]
pub fn has_affix(text: Slice<'_>, affix: Slice<'_>, range: Range<usize>, at_end: bool) -> bool {
    if affix.len() > range.len() {
        return false;
    }
    let start = if at_end { range.end - affix.len() } else { range.start };
    equal(text.slice(start..start + affix.len()), affix)
}

/// True when both texts have the same code points, whatever their widths.
#[must_use]
pub fn equal(a: Slice<'_>, b: Slice<'_>) -> bool {
    match (a, b) {
        (Slice::U1(a), Slice::U1(b)) => a == b,
        (Slice::U2(a), Slice::U2(b)) => a == b,
        (Slice::U4(a), Slice::U4(b)) => a == b,
        _ => a.len() == b.len() && a.points().eq(b.points()),
    }
}

/// The order of two texts by code point.
#[must_use]
pub fn compare(a: Slice<'_>, b: Slice<'_>) -> std::cmp::Ordering {
    match (a, b) {
        (Slice::U1(a), Slice::U1(b)) => a.cmp(b),
        (Slice::U2(a), Slice::U2(b)) => a.cmp(b),
        (Slice::U4(a), Slice::U4(b)) => a.cmp(b),
        _ => a.points().cmp(b.points()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A small generator of numbers, so that the texts below repeat from run to run.
    fn next(seed: &mut u32) -> u32 {
        *seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *seed >> 16
    }

    #[test]
    fn agrees_with_a_naive_search() {
        let mut seed = 1;
        for round in 0..4000 {
            let letters = 1 + round % 3;
            let mut text = |len: u32| (0..len).map(|_| 0x100 + next(&mut seed) % letters).collect::<Vec<u32>>();
            let (hay, needle) = (text(round % 61), text(1 + round % 17));
            let naive = |i: &usize| hay[*i..].starts_with(&needle);
            let narrow_hay: Vec<u16> = hay.iter().map(|c| *c as u16).collect();
            let (h, n, all) = (Slice::U2(&narrow_hay), Slice::U4(&needle), 0..hay.len());
            assert_eq!(find(h, n, all.clone()), (0..hay.len()).find(naive), "{hay:?} {needle:?}");
            assert_eq!(rfind(h, n, all.clone()), (0..hay.len()).rev().find(naive), "{hay:?} {needle:?}");
            let bytes: Vec<u8> = hay.iter().map(|c| *c as u8).collect();
            let byte_needle: Vec<u8> = needle.iter().map(|c| *c as u8).collect();
            let (h8, n8) = (Slice::U1(&bytes), Slice::U1(&byte_needle));
            assert_eq!(count(h, n, all.clone()), count(h8, n8, all));
        }
    }

    #[test]
    fn edges() {
        let hay = Slice::U1(b"abcabc");
        assert_eq!(find(hay, Slice::U1(b""), 2..4), Some(2));
        assert_eq!(rfind(hay, Slice::U1(b""), 2..4), Some(4));
        assert_eq!(count(hay, Slice::U1(b""), 0..6), 7);
        assert_eq!(find(hay, Slice::U1(b"abc"), 1..6), Some(3));
        assert_eq!(find(hay, Slice::U1(b"abc"), 1..5), None);
        assert_eq!(find(hay, Slice::U2(&[0x61]), 1..6), Some(3));
        assert_eq!(find(hay, Slice::U2(&[0x161]), 0..6), None);
        assert!(has_affix(hay, Slice::U2(&[0x62, 0x63]), 0..6, true));
        let long = vec![0x100u16; 100_000];
        let mut needle = vec![0x100u16; 20_000];
        needle.push(0x101);
        assert_eq!(find(Slice::U2(&long), Slice::U2(&needle), 0..100_000), None);
        assert_eq!(rfind(Slice::U2(&long), Slice::U2(&needle), 0..100_000), None);
    }
}
