//! Clocks, sleeping, and the calendar of the C library, as Python's `time` uses them.
//!
//! Times are whole nanoseconds. Broken-down times follow Python's conventions (full year, months from 1, Monday as
//! day 0, days of the year from 1), and only this module knows how C's differ.

use std::io;
use std::time::Duration;

use crate::sys;

/// A clock of the system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// Time since the epoch; it may be set back.
    Realtime,
    /// Time since some start; it never goes back.
    Monotonic,
    /// Processor time of the whole process.
    Process,
    /// Processor time of the calling thread.
    Thread,
}

impl Clock {
    fn id(self) -> libc::clockid_t {
        match self {
            Self::Realtime => libc::CLOCK_REALTIME,
            Self::Monotonic => libc::CLOCK_MONOTONIC,
            Self::Process => libc::CLOCK_PROCESS_CPUTIME_ID,
            Self::Thread => libc::CLOCK_THREAD_CPUTIME_ID,
        }
    }

    /// What the clock shows, in nanoseconds.
    ///
    /// # Errors
    /// The system's, when it lacks the clock.
    pub fn now_ns(self) -> io::Result<i64> {
        sys::clock_gettime(self.id()).map(nanoseconds)
    }

    /// The smallest step of the clock, in nanoseconds.
    ///
    /// # Errors
    /// The system's, when it lacks the clock.
    pub fn resolution_ns(self) -> io::Result<i64> {
        sys::clock_getres(self.id()).map(nanoseconds)
    }
}

fn nanoseconds(time: libc::timespec) -> i64 {
    time.tv_sec.saturating_mul(1_000_000_000).saturating_add(time.tv_nsec)
}

/// Nanoseconds since the epoch.
pub fn time_ns() -> i64 {
    Clock::Realtime.now_ns().unwrap_or(0)
}

/// Nanoseconds of a clock that never goes back.
pub fn monotonic_ns() -> i64 {
    Clock::Monotonic.now_ns().unwrap_or(0)
}

/// Nanoseconds of the finest clock for measuring short times.
pub fn perf_counter_ns() -> i64 {
    monotonic_ns()
}

/// Nanoseconds of processor time that the process has used.
pub fn process_time_ns() -> i64 {
    Clock::Process.now_ns().unwrap_or(0)
}

/// Nanoseconds of processor time that the calling thread has used.
pub fn thread_time_ns() -> i64 {
    Clock::Thread.now_ns().unwrap_or(0)
}

/// Sleeps for a time, or until a signal comes; not at all if one was flagged after `signal::arrivals` gave this number, so that none is slept over
/// that came between looking for signals and this call. To go on, ask again with what is left of the time.
pub fn sleep(time: Duration, arrivals: u32) {
    sys::futex::wait(sys::arrivals(), arrivals, Some(time));
}

/// A time broken down into the parts of a calendar, in Python's conventions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CalendarTime {
    /// The year in full.
    pub year: i64,
    /// 1 to 12.
    pub month: i32,
    /// The day of the month, 1 to 31.
    pub day: i32,
    /// 0 to 23.
    pub hour: i32,
    /// 0 to 59.
    pub minute: i32,
    /// 0 to 61, leap seconds included.
    pub second: i32,
    /// The day of the week, Monday being 0.
    pub weekday: i32,
    /// The day of the year, 1 to 366.
    pub yearday: i32,
    /// 1 in summer time, 0 outside, -1 unknown.
    pub isdst: i32,
    /// Seconds east of UTC.
    pub gmtoff: i64,
    /// The abbreviation of the zone.
    pub zone: String,
}

impl CalendarTime {
    fn from_c(parts: &libc::tm, zone: String) -> Self {
        Self {
            year: i64::from(parts.tm_year) + 1900,
            month: parts.tm_mon + 1,
            day: parts.tm_mday,
            hour: parts.tm_hour,
            minute: parts.tm_min,
            second: parts.tm_sec,
            weekday: (parts.tm_wday + 6) % 7,
            yearday: parts.tm_yday + 1,
            isdst: parts.tm_isdst,
            gmtoff: parts.tm_gmtoff,
            zone,
        }
    }

    fn to_c(&self) -> io::Result<libc::tm> {
        let overflow = || io::Error::from_raw_os_error(libc::EOVERFLOW);
        let year = self.year.checked_sub(1900).and_then(|year| i32::try_from(year).ok()).ok_or_else(overflow)?;
        Ok(libc::tm {
            tm_sec: self.second,
            tm_min: self.minute,
            tm_hour: self.hour,
            tm_mday: self.day,
            tm_mon: self.month.checked_sub(1).ok_or_else(overflow)?,
            tm_year: year,
            tm_wday: self.weekday.rem_euclid(7).wrapping_add(1) % 7,
            tm_yday: self.yearday.checked_sub(1).ok_or_else(overflow)?,
            tm_isdst: self.isdst,
            tm_gmtoff: self.gmtoff,
            tm_zone: std::ptr::null(),
        })
    }
}

/// Local time at so many seconds since the epoch.
///
/// # Errors
/// `EOVERFLOW` when the year does not fit.
pub fn localtime(seconds: i64) -> io::Result<CalendarTime> {
    sys::break_down(seconds, true).map(|(parts, zone)| CalendarTime::from_c(&parts, zone))
}

/// Universal time at so many seconds since the epoch.
///
/// # Errors
/// `EOVERFLOW` when the year does not fit.
pub fn gmtime(seconds: i64) -> io::Result<CalendarTime> {
    sys::break_down(seconds, false).map(|(parts, zone)| CalendarTime::from_c(&parts, zone))
}

/// Seconds since the epoch at a local time; the weekday and the day of the year are not looked at.
///
/// # Errors
/// `EOVERFLOW` when the time cannot be told.
pub fn mktime(time: &CalendarTime) -> io::Result<i64> {
    let mut parts = time.to_c()?;
    // -1 is also one second before the epoch; only a call that succeeded fills the weekday in.
    parts.tm_wday = -1;
    match sys::mktime(&mut parts) {
        -1 if parts.tm_wday == -1 => Err(io::Error::from_raw_os_error(libc::EOVERFLOW)),
        seconds => Ok(seconds),
    }
}

/// A time written by a format of C's `strftime`; nothing where that would be absurdly long.
///
/// # Errors
/// `EINVAL` when the format holds a NUL, `EOVERFLOW` when a field does not fit.
pub fn strftime(format: &[u8], time: &CalendarTime) -> io::Result<Vec<u8>> {
    let parts = time.to_c()?;
    let zone = sys::c_string(time.zone.as_bytes())?;
    // A result of length 0 means "no room" as well as "empty", so the format is made never to be empty.
    let format = sys::c_string(&[b".", format].concat())?;
    let longest = (256 * format.as_bytes().len()).max(1024);
    let mut buffer = vec![0; 128.max(format.as_bytes().len() * 4)];
    loop {
        let length = sys::strftime(&mut buffer, &format, &parts, &zone);
        if length > 0 {
            buffer.truncate(length);
            buffer.remove(0);
            return Ok(buffer);
        }
        if buffer.len() >= longest {
            return Ok(Vec::new());
        }
        buffer.resize(buffer.len() * 2, 0);
    }
}

/// Reads the time zone from the environment again.
pub fn tzset() {
    sys::tzset();
}
