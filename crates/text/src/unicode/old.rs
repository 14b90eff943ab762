//! Unicode 3.2 as `unicodedata.ucd_3_2_0` shows it, which internationalised domain names are defined by.
//!
//! Invariant: what neither lies in a range of `UNASSIGNED` nor stands in `CHANGES` is as in today's tables; both are sorted.

use super::old_tables::{CHANGES, CORRECTIONS, UNASSIGNED};
use super::{NormalForm, database};
use crate::{CodePoints, Sink};

/// The version that these functions are of.
pub const VERSION: &str = "3.2.0";

/// What became of a numeric value.
pub(super) enum Numeric {
    Same,
    Nothing,
    Is(f64),
}

/// A character, with its category, direction and width if they were others (else empty), and mirroring (-1: the same), decimal value (-2:
/// the same, -1: none) and numeric value.
pub(super) struct Change(
    pub(super) u32,
    pub(super) &'static str,
    pub(super) &'static str,
    pub(super) &'static str,
    pub(super) i8,
    pub(super) i8,
    pub(super) Numeric,
);

/// True for what is assigned today, but was not then.
#[must_use]
pub fn is_unassigned(c: u32) -> bool {
    let next = UNASSIGNED.partition_point(|&(first, _)| first <= c);
    next > 0 && UNASSIGNED[next - 1].1 >= c
}

fn change(c: u32) -> Option<&'static Change> {
    CHANGES.binary_search_by_key(&c, |change| change.0).ok().map(|at| &CHANGES[at])
}

fn text(
    c: u32,
    unassigned: &'static str,
    then: fn(&Change) -> &'static str,
    now: fn(u32) -> &'static str,
) -> &'static str {
    if is_unassigned(c) {
        return unassigned;
    }
    change(c).map(then).filter(|then| !then.is_empty()).unwrap_or_else(|| now(c))
}

/// The general category.
#[must_use]
pub fn category(c: u32) -> &'static str {
    text(c, "Cn", |change| change.1, super::category)
}

/// The bidirectional class; empty for what was not assigned.
#[must_use]
pub fn bidirectional(c: u32) -> &'static str {
    text(c, "", |change| change.2, super::bidirectional)
}

/// The East Asian width.
#[must_use]
pub fn east_asian_width(c: u32) -> &'static str {
    text(c, "N", |change| change.3, super::east_asian_width)
}

/// The canonical combining class.
#[must_use]
pub fn combining(c: u32) -> u8 {
    if is_unassigned(c) { 0 } else { super::combining(c) }
}

/// True when the character was mirrored in text from right to left.
#[must_use]
pub fn mirrored(c: u32) -> bool {
    match change(c).map(|change| change.4) {
        _ if is_unassigned(c) => false,
        Some(then @ 0..) => then == 1,
        _ => super::mirrored(c),
    }
}

/// The value of a decimal digit.
#[must_use]
pub fn decimal_value(c: u32) -> Option<u8> {
    match change(c).map(|change| change.5) {
        _ if is_unassigned(c) => None,
        Some(-1) => None,
        Some(then @ 0..) => Some(then as u8),
        _ => super::decimal_value(c),
    }
}

/// The value of a digit; CPython asks today's tables.
#[must_use]
pub fn digit_value(c: u32) -> Option<u8> {
    super::digit_value(c)
}

/// The numeric value.
#[must_use]
pub fn numeric(c: u32) -> Option<f64> {
    match change(c).map(|change| &change.6) {
        _ if is_unassigned(c) => None,
        Some(Numeric::Nothing) => None,
        Some(Numeric::Is(then)) => Some(*then),
        _ => super::numeric(c),
    }
}

/// The decomposition; empty when there was none.
#[must_use]
pub fn decomposition(c: u32) -> String {
    if is_unassigned(c) { String::new() } else { super::decomposition(c) }
}

/// The name.
#[must_use]
pub fn name(c: u32) -> Option<String> {
    if is_unassigned(c) { None } else { super::name(c) }
}

/// `unicodedata.ucd_3_2_0.normalize`.
pub fn normalize<S: CodePoints + ?Sized>(form: NormalForm, text: &S, out: &mut impl Sink) {
    database::normalize_with(form, text, out, |c| match CORRECTIONS.binary_search_by_key(&c, |&(c, _)| c) {
        Ok(at) => Some(CORRECTIONS[at].1),
        Err(_) if is_unassigned(c) => Some(c),
        Err(_) => None,
    });
}
