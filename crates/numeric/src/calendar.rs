//! The proleptic Gregorian calendar: ordinals, weeks, and a day with its time packed into one word.
//!
//! Invariant: day 1 is the first of January of year 1, a Monday; functions between days and dates take what lies far outside the years 1 to 9999, too.

/// The first year of Python's dates.
pub const MIN_YEAR: i64 = 1;
/// The last year of Python's dates.
pub const MAX_YEAR: i64 = 9999;
/// The ordinal of the last day.
pub const MAX_ORDINAL: i64 = 3_652_059;
/// Seconds of a day.
pub const DAY_SECONDS: i64 = 86_400;
/// Microseconds of a second.
pub const SECOND_MICROS: i64 = 1_000_000;
/// Microseconds of a day.
pub const DAY_MICROS: i64 = DAY_SECONDS * SECOND_MICROS;

const BEFORE_MONTH: [i64; 13] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];
const DAYS_OF_400_YEARS: i64 = 146_097;
const DAYS_OF_100_YEARS: i64 = 36_524;
const DAYS_OF_4_YEARS: i64 = 1_461;

/// Whether the year has a 29th of February.
#[must_use]
#[inline]
pub fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Days of a month, which is 1 to 12.
#[must_use]
#[inline]
pub fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days of the year before a month, which is 1 to 12.
#[must_use]
#[inline]
pub fn days_before_month(year: i64, month: i64) -> i64 {
    BEFORE_MONTH[(month.clamp(1, 13) - 1) as usize] + i64::from(month > 2 && is_leap(year))
}

/// The ordinal of a date.
#[must_use]
#[inline]
pub fn ordinal(year: i64, month: i64, day: i64) -> i64 {
    let before = year - 1;
    let leap_days = before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400);
    before * 365 + leap_days + days_before_month(year, month) + day
}

/// The year, month and day of an ordinal.
#[must_use]
#[inline]
pub fn from_ordinal(ordinal: i64) -> (i64, i64, i64) {
    let days = ordinal - 1;
    let (cycles, days) = (days.div_euclid(DAYS_OF_400_YEARS), days.rem_euclid(DAYS_OF_400_YEARS));
    // The last of four centuries, and of four years, is a day longer.
    let centuries = (days / DAYS_OF_100_YEARS).min(3);
    let days = days - centuries * DAYS_OF_100_YEARS;
    let (fours, days) = (days / DAYS_OF_4_YEARS, days % DAYS_OF_4_YEARS);
    let years = (days / 365).min(3);
    let days = days - years * 365;
    let year = cycles * 400 + centuries * 100 + fours * 4 + years + 1;
    // No month is longer than 32 days nor, on average, shorter than 29: the first guess is right or one too high.
    let guess = (days + 50) >> 5;
    let before = days_before_month(year, guess);
    if before > days {
        (year, guess - 1, days - days_before_month(year, guess - 1) + 1)
    } else {
        (year, guess, days - before + 1)
    }
}

/// The day of the week of an ordinal, Monday being 0.
#[must_use]
#[inline]
pub fn weekday(ordinal: i64) -> i64 {
    (ordinal + 6).rem_euclid(7)
}

/// The ordinal of the Monday with which the first ISO week of a year begins.
#[must_use]
pub fn first_iso_monday(year: i64) -> i64 {
    let first = ordinal(year, 1, 1);
    let day = weekday(first);
    first - day + if day > 3 { 7 } else { 0 }
}

/// ISO year, week and day (1 to 7) of an ordinal that lies in `year`.
#[must_use]
pub fn iso_week(year: i64, ordinal: i64) -> (i64, i64, i64) {
    let mut iso_year = year;
    let mut monday = first_iso_monday(year);
    if ordinal < monday {
        iso_year -= 1;
        monday = first_iso_monday(iso_year);
    } else if ordinal >= monday + 52 * 7 {
        let next = first_iso_monday(year + 1);
        if ordinal >= next {
            iso_year += 1;
            monday = next;
        }
    }
    (iso_year, (ordinal - monday) / 7 + 1, weekday(ordinal) + 1)
}

/// What is wrong with an ISO week date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IsoFault {
    /// The year is none of Python's.
    Year,
    /// The year has no such week.
    Week,
    /// No such day of the week.
    Day,
}

/// The ordinal of an ISO week date; it may lie after the last day.
///
/// # Errors
/// What is out of range.
pub fn from_iso_week(year: i64, week: i64, day: i64) -> Result<i64, IsoFault> {
    if !(MIN_YEAR..=MAX_YEAR).contains(&year) {
        return Err(IsoFault::Year);
    }
    let first = first_iso_monday(year);
    let long = first_iso_monday(year + 1) - first > 52 * 7;
    if !(1..=52 + i64::from(long)).contains(&week) {
        return Err(IsoFault::Week);
    }
    if !(1..=7).contains(&day) {
        return Err(IsoFault::Day);
    }
    Ok(first + (week - 1) * 7 + day - 1)
}

/// A day, a time of the day and which of two times of that name it is, in one word that orders as they do. There is room for years of 16 bits, days, minutes and
/// seconds below 64, hours below 32 and microseconds of 20 bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Packed(u64);

const MICRO: u32 = 1;
const SECOND: u32 = 21;
const MINUTE: u32 = 27;
const HOUR: u32 = 33;
const DAY: u32 = 38;
const MONTH: u32 = 44;
const YEAR: u32 = 48;

impl Packed {
    /// A day; the parts are in range.
    #[must_use]
    #[inline]
    pub fn of_date(year: i64, month: i64, day: i64) -> Packed {
        Packed((year as u64) << YEAR | (month as u64) << MONTH | (day as u64) << DAY)
    }

    /// A time; the parts are in range.
    #[must_use]
    #[inline]
    pub fn of_time(hour: i64, minute: i64, second: i64, micro: i64) -> Packed {
        Packed((hour as u64) << HOUR | (minute as u64) << MINUTE | (second as u64) << SECOND | (micro as u64) << MICRO)
    }

    /// The time that many microseconds after midnight, fewer than a day has.
    #[must_use]
    #[inline]
    pub fn of_day_micros(micros: i64) -> Packed {
        let (seconds, micro) = (micros / SECOND_MICROS, micros % SECOND_MICROS);
        Packed::of_time(seconds / 3600, seconds / 60 % 60, seconds % 60, micro)
    }

    /// What `bits` gave.
    #[must_use]
    #[inline]
    pub fn from_bits(bits: u64) -> Packed {
        Packed(bits)
    }

    /// The word.
    #[must_use]
    #[inline]
    pub fn bits(self) -> u64 {
        self.0
    }

    /// This day with the time of `time`.
    #[must_use]
    #[inline]
    pub fn with_time(self, time: Packed) -> Packed {
        Packed(self.date().0 | time.time().0)
    }

    /// The same with another fold.
    #[must_use]
    #[inline]
    pub fn with_fold(self, fold: bool) -> Packed {
        Packed(self.0 & !1 | u64::from(fold))
    }

    /// The day alone.
    #[must_use]
    #[inline]
    pub fn date(self) -> Packed {
        Packed(self.0 >> DAY << DAY)
    }

    /// The time and fold alone.
    #[must_use]
    #[inline]
    pub fn time(self) -> Packed {
        Packed(self.0 & ((1 << DAY) - 1))
    }

    /// The year.
    #[must_use]
    #[inline]
    pub fn year(self) -> i64 {
        (self.0 >> YEAR) as i64
    }

    /// 1 to 12.
    #[must_use]
    #[inline]
    pub fn month(self) -> i64 {
        (self.0 >> MONTH & 15) as i64
    }

    /// The day of the month.
    #[must_use]
    #[inline]
    pub fn day(self) -> i64 {
        (self.0 >> DAY & 63) as i64
    }

    /// 0 to 23.
    #[must_use]
    #[inline]
    pub fn hour(self) -> i64 {
        (self.0 >> HOUR & 31) as i64
    }

    /// 0 to 59.
    #[must_use]
    #[inline]
    pub fn minute(self) -> i64 {
        (self.0 >> MINUTE & 63) as i64
    }

    /// 0 to 59.
    #[must_use]
    #[inline]
    pub fn second(self) -> i64 {
        (self.0 >> SECOND & 63) as i64
    }

    /// Microseconds of the second.
    #[must_use]
    #[inline]
    pub fn micro(self) -> i64 {
        (self.0 >> MICRO & 0xf_ffff) as i64
    }

    /// Whether it is the second of two times of that name.
    #[must_use]
    #[inline]
    pub fn fold(self) -> bool {
        self.0 & 1 != 0
    }

    /// The ordinal of the day.
    #[must_use]
    #[inline]
    pub fn ordinal(self) -> i64 {
        ordinal(self.year(), self.month(), self.day())
    }

    /// Seconds since midnight.
    #[must_use]
    #[inline]
    pub fn day_seconds(self) -> i64 {
        (self.hour() * 60 + self.minute()) * 60 + self.second()
    }

    /// Microseconds since midnight.
    #[must_use]
    #[inline]
    pub fn day_micros(self) -> i64 {
        self.day_seconds() * SECOND_MICROS + self.micro()
    }

    /// Microseconds since the midnight before day 1.
    #[must_use]
    #[inline]
    pub fn micros(self) -> i64 {
        self.ordinal() * DAY_MICROS + self.day_micros()
    }

    /// The day and time at so many microseconds since the midnight before day 1; `None` outside Python's years.
    #[must_use]
    #[inline]
    pub fn from_micros(micros: i64) -> Option<Packed> {
        let day = micros.div_euclid(DAY_MICROS);
        if !(1..=MAX_ORDINAL).contains(&day) {
            return None;
        }
        let (year, month, day) = from_ordinal(day);
        Some(Packed::of_date(year, month, day).with_time(Packed::of_day_micros(micros.rem_euclid(DAY_MICROS))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_agree() {
        let mut expected = (1, 1, 1);
        for day in 1..=MAX_ORDINAL {
            assert_eq!(from_ordinal(day), expected);
            let (year, month, date) = expected;
            assert_eq!(ordinal(year, month, date), day);
            expected = match (month, date == days_in_month(year, month)) {
                (12, true) => (year + 1, 1, 1),
                (_, true) => (year, month + 1, 1),
                (_, false) => (year, month, date + 1),
            };
        }
        assert_eq!(from_ordinal(0), (0, 12, 31));
        assert_eq!(from_ordinal(-DAYS_OF_400_YEARS), (-400, 12, 31));
    }

    #[test]
    fn weeks_go_there_and_back() {
        for year in 1..=MAX_YEAR {
            for day in [ordinal(year, 1, 1), ordinal(year, 1, 4), ordinal(year, 6, 15), ordinal(year, 12, 31)] {
                let (iso_year, week, weekday) = iso_week(year, day);
                if (MIN_YEAR..=MAX_YEAR).contains(&iso_year) {
                    assert_eq!(from_iso_week(iso_year, week, weekday), Ok(day));
                }
            }
        }
        assert_eq!(from_iso_week(2021, 53, 1), Err(IsoFault::Week));
        assert_eq!(from_iso_week(2020, 1, 8), Err(IsoFault::Day));
    }

    #[test]
    fn packing_keeps_the_parts_and_their_order() {
        let low = Packed::of_date(2020, 2, 29).with_time(Packed::of_time(23, 59, 58, 999_999));
        let high = Packed::of_date(2020, 3, 1);
        assert!(low < high);
        assert_eq!((low.year(), low.month(), low.day()), (2020, 2, 29));
        assert_eq!((low.hour(), low.minute(), low.second(), low.micro()), (23, 59, 58, 999_999));
        assert_eq!(Packed::from_micros(low.micros()), Some(low));
        assert_eq!(Packed::from_micros(low.micros() + 1_000_001), Some(high));
        assert_eq!(Packed::from_micros(0), None);
        assert!(low.with_fold(true).fold() && low.with_fold(true).with_fold(false) == low);
    }
}
