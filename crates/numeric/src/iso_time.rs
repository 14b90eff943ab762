//! ISO 8601 dates and times as Python writes and reads them.
//!
//! Invariant: what is read consists of digits at their places; whether hours, minutes and days are in range is for the caller to check. A text is read as if
//! it ended in a NUL, which is no part of any form.

use crate::calendar::{Packed, from_iso_week, from_ordinal};

/// A short text being written.
#[derive(Clone, Copy)]
pub struct ShortText {
    bytes: [u8; 64],
    len: usize,
}

impl Default for ShortText {
    fn default() -> Self {
        Self { bytes: [0; 64], len: 0 }
    }
}

impl ShortText {
    /// What has been written.
    #[must_use]
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    /// Adds a character; what does not fit is left out.
    #[inline]
    pub fn push(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(self.len) {
            *place = byte;
            self.len += 1;
        }
    }

    /// Adds text.
    #[inline]
    pub fn text(&mut self, text: &str) {
        text.bytes().for_each(|byte| self.push(byte));
    }

    /// Adds two digits.
    #[inline]
    pub fn two(&mut self, number: i64) {
        self.push(b'0' + (number / 10 % 10) as u8);
        self.push(b'0' + (number % 10) as u8);
    }

    /// Adds `width` digits.
    #[inline]
    pub fn digits(&mut self, number: i64, width: u32) {
        for place in (0..width).rev() {
            self.push(b'0' + (number / 10i64.pow(place) % 10) as u8);
        }
    }

    /// Adds `YYYY-MM-DD`.
    #[inline]
    pub fn date(&mut self, day: Packed) {
        self.two(day.year() / 100);
        self.two(day.year() % 100);
        self.push(b'-');
        self.two(day.month());
        self.push(b'-');
        self.two(day.day());
    }

    /// Adds a time with as many parts as `spec` says.
    #[inline]
    pub fn time(&mut self, time: Packed, spec: TimeSpec) {
        self.two(time.hour());
        if spec == TimeSpec::Hours {
            return;
        }
        self.push(b':');
        self.two(time.minute());
        if spec == TimeSpec::Minutes {
            return;
        }
        self.push(b':');
        self.two(time.second());
        match spec {
            TimeSpec::Milliseconds => {
                self.push(b'.');
                self.digits(time.micro() / 1000, 3);
            }
            TimeSpec::Microseconds => self.fraction(time.micro()),
            TimeSpec::Auto if time.micro() != 0 => self.fraction(time.micro()),
            _ => {}
        }
    }

    fn fraction(&mut self, micros: i64) {
        self.push(b'.');
        self.digits(micros, 6);
    }

    /// Adds an offset from UTC in microseconds, less than a day either way: `+HH:MM`, with seconds and microseconds where there are any.
    #[inline]
    pub fn offset(&mut self, micros: i64, separator: &str) {
        self.push(if micros < 0 { b'-' } else { b'+' });
        let (seconds, micros) = (micros.abs() / 1_000_000, micros.abs() % 1_000_000);
        self.two(seconds / 3600);
        self.text(separator);
        self.two(seconds / 60 % 60);
        if seconds % 60 != 0 || micros != 0 {
            self.text(separator);
            self.two(seconds % 60);
        }
        if micros != 0 {
            self.fraction(micros);
        }
    }
}

/// How much of a time is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeSpec {
    /// Microseconds if there are any.
    Auto,
    /// `HH`
    Hours,
    /// `HH:MM`
    Minutes,
    /// `HH:MM:SS`
    Seconds,
    /// With three digits of the fraction.
    Milliseconds,
    /// With six.
    Microseconds,
}

impl TimeSpec {
    /// The one of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<TimeSpec> {
        Some(match name {
            "auto" => TimeSpec::Auto,
            "hours" => TimeSpec::Hours,
            "minutes" => TimeSpec::Minutes,
            "seconds" => TimeSpec::Seconds,
            "milliseconds" => TimeSpec::Milliseconds,
            "microseconds" => TimeSpec::Microseconds,
            _ => return None,
        })
    }
}

fn at(text: &[u8], index: usize) -> u8 {
    text.get(index).copied().unwrap_or(0)
}

/// The number that `count` digits from `start` mean.
fn number(text: &[u8], start: usize, count: usize) -> Option<i64> {
    (start..start + count).try_fold(0, |number, index| match at(text, index) {
        digit @ b'0'..=b'9' => Some(number * 10 + i64::from(digit - b'0')),
        _ => None,
    })
}

/// The length of the date at the start of a text of at least seven characters, from which the time is separated by any character.
#[must_use]
pub fn date_length(text: &[u8]) -> Option<usize> {
    if text.len() == 7 {
        return Some(7);
    }
    match (at(text, 4), at(text, 5)) {
        (b'-', b'W') if at(text, 8) == b'-' => match text.len() {
            9 => None,
            // A week and a time, or a day of the week and a digit as separator: the former is likelier.
            length if length > 10 && at(text, 10).is_ascii_digit() => Some(8),
            _ => Some(10),
        },
        (b'-', b'W') => Some(8),
        (b'-', _) => Some(10),
        (b'W', _) => {
            let digits = (7..text.len()).find(|&index| !at(text, index).is_ascii_digit()).unwrap_or(text.len());
            // Digits of a time come in pairs; an odd one is the day of the week.
            Some(if digits < 9 { digits } else { 7 + digits % 2 })
        }
        _ => Some(8),
    }
}

/// Year, month and day of a date alone; `length` says where it ends, which is where the text ends or a time follows.
#[must_use]
pub fn parse_date(text: &[u8], length: usize) -> Option<(i64, i64, i64)> {
    let year = number(text, 0, 4)?;
    let dashes = at(text, 4) == b'-';
    let mut index = 4 + usize::from(dashes);
    if at(text, index) == b'W' {
        let week = number(text, index + 1, 2)?;
        index += 3;
        let mut day = 1;
        if index < length {
            if dashes && at(text, index) != b'-' {
                return None;
            }
            index += usize::from(dashes);
            day = number(text, index, 1)?;
        }
        return from_iso_week(year, week, day).ok().map(from_ordinal);
    }
    let month = number(text, index, 2)?;
    index += 2;
    if dashes && at(text, index) != b'-' {
        return None;
    }
    let day = number(text, index + usize::from(dashes), 2)?;
    Some((year, month, day))
}

/// A time that was read: nothing is checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ParsedTime {
    /// Two digits.
    pub hour: i64,
    /// Two digits.
    pub minute: i64,
    /// Two digits.
    pub second: i64,
    /// Six digits.
    pub micro: i64,
    /// Microseconds east of UTC, if the text says.
    pub offset: Option<i64>,
}

/// `HH[:?MM[:?SS[.,fraction]]]` between `start` and `end`, and whether something is left behind it.
fn parse_parts(text: &[u8], start: usize, end: usize) -> Option<([i64; 4], bool)> {
    let mut parts = [0; 4];
    let mut index = start;
    let mut colons = true;
    for place in 0..3 {
        parts[place] = number(text, index, 2)?;
        index += 2;
        let next = at(text, index);
        index += 1;
        if place == 0 {
            colons = next == b':';
        }
        if index >= end {
            return Some((parts, index - 1 < text.len())).filter(|_| !matches!(next, b'.' | b','));
        }
        match next {
            b':' if colons && place < 2 => {}
            b':' if colons => return None,
            b'.' | b',' if place < 2 => return None,
            b'.' | b',' => break,
            _ if !colons => index -= 1,
            _ => return None,
        }
    }
    let digits = (end - index).min(6);
    parts[3] = number(text, index, digits)? * 10i64.pow(6 - digits as u32);
    index += digits;
    while at(text, index).is_ascii_digit() {
        index += 1;
    }
    Some((parts, index < text.len()))
}

/// The time that a whole text means, with its offset.
#[must_use]
pub fn parse_time(text: &[u8]) -> Option<ParsedTime> {
    let zone = text.iter().position(|byte| matches!(byte, b'+' | b'-' | b'Z'));
    let end = zone.unwrap_or(text.len());
    let ([hour, minute, second, micro], rest) = parse_parts(text, 0, end)?;
    let time = ParsedTime { hour, minute, second, micro, offset: None };
    match zone.map(|zone| (zone, text[zone])) {
        None if rest => None,
        None => Some(time),
        Some((zone, b'Z')) if zone + 1 == text.len() => Some(ParsedTime { offset: Some(0), ..time }),
        Some((_, b'Z')) => None,
        Some((zone, sign)) => {
            let ([hours, minutes, seconds, micros], rest) = parse_parts(text, zone + 1, text.len())?;
            if rest {
                return None;
            }
            let offset = ((hours * 60 + minutes) * 60 + seconds) * 1_000_000 + micros;
            Some(ParsedTime { offset: Some(if sign == b'-' { -offset } else { offset }), ..time })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_dates() {
        let dates = ["2020-01-02", "20200102", "2020-W01-4", "2020W014"];
        for text in dates {
            assert_eq!(date_length(text.as_bytes()), Some(text.len()));
            assert_eq!(parse_date(text.as_bytes(), text.len()), Some((2020, 1, 2)));
        }
        assert_eq!(parse_date(b"2020W01", 7), Some((2019, 12, 30)));
        assert_eq!(date_length(b"2020W01T12"), Some(7));
        assert_eq!(date_length(b"2020W01412"), Some(7));
        assert_eq!(parse_date(b"2020-0102", 9), None);
    }

    #[test]
    fn forms_of_times() {
        let read = |text: &str| parse_time(text.as_bytes()).map(|t| (t.hour, t.minute, t.second, t.micro, t.offset));
        assert_eq!(read("12"), Some((12, 0, 0, 0, None)));
        assert_eq!(read("12:34:56,789"), Some((12, 34, 56, 789_000, None)));
        assert_eq!(read("123456.7891234Z"), Some((12, 34, 56, 789_123, Some(0))));
        assert_eq!(read("12:34-01:30"), Some((12, 34, 0, 0, Some(-5_400_000_000))));
        for wrong in
            ["", "1", "12:", "12:3", "12.5", "12:34:56:78", "12:3456", "12:34Z0", "12:34+", "12:34+1", "123456.Z"]
        {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
