//! Character properties and case mappings, as of Unicode 16.
//!
//! Every question is answered from one two-level table of records, so that the answers agree with
//! each other and with CPython 3.14. Code points beyond the last character, and lone surrogates,
//! are accepted everywhere and have no properties beyond their category.

mod case;
mod database;
#[rustfmt::skip]
mod database_tables;
mod names;
pub mod old;
#[rustfmt::skip]
mod old_tables;
#[rustfmt::skip]
mod tables;

pub use case::{
    Mapped, casefold, casefold_str, lower, lower_str, lower_units, swapcase_str, title, title_str, upper, upper_str,
    upper_units,
};
pub use database::{
    NormalForm, bidirectional, combining, decomposition, east_asian_width, mirrored, normalize, numeric,
};
pub use names::{lookup, name};
pub use tables::UNICODE_VERSION;
use tables::{
    ALPHA, CASE_IGNORABLE, CASED, CATEGORIES, DECIMAL, DIGIT, EXTENDED, LEAVES, LINE_BREAK, LOWER, NUMERIC, PRINTABLE,
    RECORDS, SHIFT, SPACE, TITLE, TOP, UPPER, XID_CONTINUE, XID_START,
};

/// The properties that a character shares with others: flags, category, digit value and the
/// distances to its upper, lower, title and folded forms.
#[derive(Clone, Copy)]
struct Record {
    flags: u16,
    category: u8,
    digit: u8,
    cases: [i32; 4],
}

impl Record {
    const fn new(flags: u16, category: u8, digit: u8, cases: [i32; 4]) -> Self {
        Self { flags, category, digit, cases }
    }
}

#[inline]
fn record(c: u32) -> &'static Record {
    let top = TOP.get((c >> SHIFT) as usize).copied().unwrap_or(0);
    let leaf = LEAVES[((top as usize) << SHIFT) + (c & ((1 << SHIFT) - 1)) as usize];
    &RECORDS[leaf as usize]
}

#[inline]
fn has(c: u32, flag: u16) -> bool {
    record(c).flags & flag != 0
}

macro_rules! properties {
    ($($(#[$doc:meta])* $name:ident = $flag:expr;)*) => {
        $($(#[$doc])* #[must_use] #[inline] pub fn $name(c: u32) -> bool { has(c, $flag) })*
    };
}

properties! {
    /// `str.isalpha` for one character.
    is_alpha = ALPHA;
    /// `str.isdecimal` for one character.
    is_decimal = DECIMAL;
    /// `str.isdigit` for one character.
    is_digit = DIGIT;
    /// `str.isnumeric` for one character.
    is_numeric = NUMERIC;
    /// `str.isalnum` for one character.
    is_alnum = ALPHA | DECIMAL | DIGIT | NUMERIC;
    /// `str.isspace` for one character.
    is_space = SPACE;
    /// Lower case.
    is_lower = LOWER;
    /// Upper case.
    is_upper = UPPER;
    /// Title case.
    is_title = TITLE;
    /// May start an identifier (`_` included).
    is_xid_start = XID_START;
    /// May continue an identifier.
    is_xid_continue = XID_CONTINUE;
    /// Printable: `repr` shows it as it is.
    is_printable = PRINTABLE;
    /// Ends a line for `str.splitlines`.
    is_line_break = LINE_BREAK;
    /// Takes part in casing.
    is_cased = CASED;
    /// Is looked through by the rule of the final sigma.
    is_case_ignorable = CASE_IGNORABLE;
}

/// The value of a decimal digit of any script.
#[must_use]
#[inline]
pub fn decimal_value(c: u32) -> Option<u8> {
    let record = record(c);
    (record.flags & DECIMAL != 0).then_some(record.digit)
}

/// The value of a digit, superscripts and the like included.
#[must_use]
pub fn digit_value(c: u32) -> Option<u8> {
    let record = record(c);
    (record.digit < 10).then_some(record.digit)
}

/// The general category, `"Lu"` and the like.
#[must_use]
pub fn category(c: u32) -> &'static str {
    CATEGORIES[usize::from(record(c).category)]
}

/// `str.isidentifier`.
#[must_use]
pub fn is_identifier<S: crate::CodePoints + ?Sized>(text: &S) -> bool {
    let mut points = text.points();
    points.next().is_some_and(is_xid_start) && points.all(is_xid_continue)
}

/// `str.islower`: some cased character, and no upper or title case.
#[must_use]
pub fn is_lower_str<S: crate::CodePoints + ?Sized>(text: &S) -> bool {
    text.points().all(|c| !has(c, UPPER | TITLE)) && text.points().any(is_lower)
}

/// `str.isupper`: some cased character, and no lower or title case.
#[must_use]
pub fn is_upper_str<S: crate::CodePoints + ?Sized>(text: &S) -> bool {
    text.points().all(|c| !has(c, LOWER | TITLE)) && text.points().any(is_upper)
}

/// `str.istitle`: capitals start words and stand nowhere else.
#[must_use]
pub fn is_title_str<S: crate::CodePoints + ?Sized>(text: &S) -> bool {
    let (mut cased, mut previous) = (false, false);
    for c in text.points() {
        if has(c, UPPER | TITLE) {
            if previous {
                return false;
            }
            (cased, previous) = (true, true);
        } else if is_lower(c) {
            if !previous {
                return false;
            }
            cased = true;
        } else {
            previous = false;
        }
    }
    cased
}

/// Turns digits of any script and spaces into ASCII, as `int()` and `float()` read text. What is
/// neither becomes `?`, which no number contains. ASCII text stays as it is.
#[must_use]
pub fn transform_decimal_and_space_to_ascii<S: crate::CodePoints + ?Sized>(text: &S) -> Vec<u8> {
    text.points()
        .map(|c| {
            if c < 128 {
                c as u8
            } else if is_space(c) {
                b' '
            } else {
                decimal_value(c).map_or(b'?', |digit| b'0' + digit)
            }
        })
        .collect()
}
