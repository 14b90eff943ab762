//! `time`: the clocks, calendar times, and their text.
//!
//! Invariant: times are whole nanoseconds until they are handed out as floats.

pub use module::spec;

use std::time::Duration;
use taipan_heap::{Obj, Ref, Value};
use taipan_host::clock::{self, CalendarTime};
use taipan_host::signal;
use taipan_interp::eval::threads::without_lock;
use taipan_macros::pymodule;
use taipan_numeric::int_float;
use taipan_objects::builtins::module::{Module, ModuleObject};
use taipan_objects::builtins::namespace::{self, SimpleNamespace};
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::structseq::StructSeq;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{boolean, float, int, is_none};
use taipan_objects::native::{FuncArgs, IntoValue};
use taipan_objects::vm::{PyResult, Raised, Vm};

pub(crate) static STRUCT_TIME: StructSeq = StructSeq {
    name: "struct_time",
    module: "time",
    doc: "The time value as returned by gmtime(), localtime(), and strptime(), and
accepted by asctime(), mktime() and strftime().  May be considered as a
sequence of 9 integers.

Note that several fields' values are not the same as those defined by
the C language standard for struct tm.  For example, the value of the
field tm_year is the actual year, not year - 1900.  See individual
fields' descriptions for details.",
    fields: &[
        "tm_year",
        "tm_mon",
        "tm_mday",
        "tm_hour",
        "tm_min",
        "tm_sec",
        "tm_wday",
        "tm_yday",
        "tm_isdst",
        "tm_zone",
        "tm_gmtoff",
    ],
    visible: 9,
    callable: true,
};

const SECOND: i64 = 1_000_000_000;

fn seconds(ns: i64) -> f64 {
    // Both parts are exact, so one rounding is left.
    (ns / SECOND) as f64 + (ns % SECOND) as f64 * 1e-9
}

#[cold]
fn system_error(vm: &Vm, error: &std::io::Error) -> Raised {
    vm.os_error(taipan_host::errno(error), None)
}

#[cold]
fn out_of_range(vm: &Vm) -> Raised {
    vm.overflow_error("timestamp out of range for platform time_t")
}

/// Seconds since the epoch from an argument: now without one.
pub(crate) fn timestamp(vm: &Vm, value: Option<&Value>) -> PyResult<i64> {
    let Some(value) = value.filter(|value| !is_none(value)) else {
        return Ok(clock::time_ns().div_euclid(SECOND));
    };
    if let Some(x) = float::get(value) {
        if x.is_nan() {
            return Err(vm.value_error("Invalid value NaN (not a number)"));
        }
        let big = int_float::from_float(x.floor()).map_err(|_| out_of_range(vm))?;
        return i64::try_from(&big).map_err(|_| out_of_range(vm));
    }
    int::index_i64(vm, value)?.ok_or_else(|| out_of_range(vm))
}

fn struct_time(vm: &Vm, time: CalendarTime) -> PyResult<Value> {
    let mut values = vec![time.year.into_value(vm)?];
    let parts = [time.month, time.day, time.hour, time.minute, time.second, time.weekday, time.yearday, time.isdst];
    values.extend(parts.into_iter().map(Value::small_int));
    values.push(time.zone.into_value(vm)?);
    values.push(time.gmtoff.into_value(vm)?);
    STRUCT_TIME.make(vm, values)
}

/// The time that a tuple of nine numbers means; no part is checked yet.
pub(crate) fn from_tuple(vm: &Vm, value: &Value, function: &str) -> PyResult<CalendarTime> {
    let Some(tuple) = value.downcast::<Tuple>() else {
        return Err(vm.type_error("Tuple or struct_time argument required"));
    };
    if tuple.items().len() != 9 {
        return Err(vm.type_error(format!("{function}(): illegal time tuple argument")));
    }
    let mut parts = [0i64; 9];
    for (part, item) in parts.iter_mut().zip(tuple.items()) {
        *part = match int::index_i64(vm, item)? {
            Some(part) if i32::try_from(part).is_ok() => part,
            _ => return Err(vm.overflow_error("signed integer is greater than maximum")),
        };
    }
    let mut zone = String::new();
    let mut gmtoff = 0;
    if vm.is_instance(value, &*STRUCT_TIME.class(vm)?) {
        let name = vm.get_attr_text(value, "tm_zone")?;
        if let Some(text) = name.downcast::<Str>() {
            zone = text.to_lossy().into_owned();
        }
        let offset = vm.get_attr_text(value, "tm_gmtoff")?;
        gmtoff = int::as_small(&offset).unwrap_or(0);
    }
    let [year, month, day, hour, minute, second, weekday, yearday, isdst] = parts;
    Ok(CalendarTime {
        year,
        month: month as i32,
        day: day as i32,
        hour: hour as i32,
        minute: minute as i32,
        second: second as i32,
        weekday: weekday as i32,
        yearday: yearday as i32,
        isdst: isdst as i32,
        gmtoff,
        zone,
    })
}

/// Checks the parts as `strftime` and `asctime` do; zeros in the date mean the first.
pub(crate) fn checked(vm: &Vm, mut time: CalendarTime) -> PyResult<CalendarTime> {
    if time.month == 0 {
        time.month = 1;
    }
    if time.day == 0 {
        time.day = 1;
    }
    if time.yearday == 0 {
        time.yearday = 1;
    }
    let faults = [
        (!(1..=12).contains(&time.month), "month out of range"),
        (!(1..=31).contains(&time.day), "day of month out of range"),
        (!(0..=23).contains(&time.hour), "hour out of range"),
        (!(0..=59).contains(&time.minute), "minute out of range"),
        (!(0..=61).contains(&time.second), "seconds out of range"),
        (time.weekday < -1, "day of week out of range"),
        (!(1..=366).contains(&time.yearday), "day of year out of range"),
    ];
    match faults.iter().find(|(wrong, _)| *wrong) {
        Some((_, message)) => Err(vm.value_error(message)),
        None => {
            time.weekday = time.weekday.rem_euclid(7);
            Ok(time)
        }
    }
}

fn local(vm: &Vm, seconds: i64) -> PyResult<CalendarTime> {
    clock::localtime(seconds).map_err(|error| system_error(vm, &error))
}

fn text_of(time: &CalendarTime) -> String {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let day = DAYS[time.weekday.rem_euclid(7) as usize];
    let month = MONTHS[(time.month - 1).rem_euclid(12) as usize];
    let CalendarTime { day: date, hour, minute, second, year, .. } = time;
    format!("{day} {month}{date:3} {hour:02}:{minute:02}:{second:02} {year}")
}

/// The zones of this year's winter and summer: names and offsets west of UTC.
fn zones() -> [(String, i64); 2] {
    let year = clock::gmtime(clock::time_ns().div_euclid(SECOND)).map_or(2000, |now| now.year);
    let start = (year - 1970) * 31_556_952;
    let at = |seconds| clock::localtime(seconds).map_or((String::from("UTC"), 0), |t| (t.zone, -t.gmtoff));
    let (january, july) = (at(start), at(start + 15_778_476));
    if january.1 < july.1 { [july, january] } else { [january, july] }
}

fn set_zones(vm: &Vm, module: &Obj<Module>) -> PyResult<()> {
    let [winter, summer] = zones();
    module.set_attr(vm, "timezone", winter.1.into_value(vm)?)?;
    module.set_attr(vm, "altzone", summer.1.into_value(vm)?)?;
    module.set_attr(vm, "daylight", Value::small_int(i32::from(winter.1 != summer.1)))?;
    let names = Tuple::pair(vm, winter.0.into_value(vm)?, summer.0.into_value(vm)?)?;
    module.set_attr(vm, "tzname", names.into())
}

fn clock_of(vm: &Vm, id: i64) -> PyResult<clock::Clock> {
    match id {
        0 => Ok(clock::Clock::Realtime),
        1 | 4 | 7 => Ok(clock::Clock::Monotonic),
        2 => Ok(clock::Clock::Process),
        3 => Ok(clock::Clock::Thread),
        _ => Err(vm.os_error(22, None)),
    }
}

/// How long to sleep.
fn duration(vm: &Vm, value: &Value) -> PyResult<Duration> {
    let negative = || vm.value_error("sleep length must be non-negative");
    if let Some(x) = float::get(value) {
        if x.is_nan() {
            return Err(vm.value_error("Invalid value NaN (not a number)"));
        }
        if x < 0.0 {
            return Err(negative());
        }
        return Duration::try_from_secs_f64(x).map_err(|_| out_of_range(vm));
    }
    if !int::is_int(value) && vm.class_of(value).slots.index.get().is_none() {
        let given = vm.type_name(value);
        return Err(vm.type_error(format!("'{given}' object cannot be interpreted as an integer or float")));
    }
    match int::index_i64(vm, value)? {
        Some(whole) if whole < 0 => Err(negative()),
        Some(whole) if whole <= i64::MAX / SECOND => Ok(Duration::from_secs(whole as u64)),
        _ => Err(out_of_range(vm)),
    }
}

/// This module provides various functions to manipulate time values.
///
/// There are two standard representations of time.  One is the number
/// of seconds since the Epoch, in UTC (a.k.a. GMT).  It may be an integer
/// or a floating-point number (to represent fractions of seconds).
/// The epoch is the point where the time starts, the return value of time.gmtime(0).
/// It is January 1, 1970, 00:00:00 (UTC) on all platforms.
#[pymodule(name = "time", init = fill)]
mod module {
    use super::*;

    #[constant]
    const CLOCK_REALTIME: i32 = 0;
    #[constant]
    const CLOCK_MONOTONIC: i32 = 1;
    #[constant]
    const CLOCK_PROCESS_CPUTIME_ID: i32 = 2;
    #[constant]
    const CLOCK_THREAD_CPUTIME_ID: i32 = 3;
    #[constant]
    const CLOCK_MONOTONIC_RAW: i32 = 4;
    #[constant]
    const CLOCK_BOOTTIME: i32 = 7;
    #[constant]
    const _STRUCT_TM_ITEMS: i32 = 11;

    fn fill(vm: &Vm, module: &Obj<Module>) -> PyResult<()> {
        module.set_attr(vm, "struct_time", STRUCT_TIME.class(vm)?.into())?;
        set_zones(vm, module)
    }

    /// Return the current time in seconds since the Epoch.
    ///
    /// Fractions of a second may be present if the system clock provides them.
    #[function]
    fn time() -> f64 {
        seconds(clock::time_ns())
    }

    /// Return the current time in nanoseconds since the Epoch.
    #[function]
    fn time_ns() -> i64 {
        clock::time_ns()
    }

    /// Monotonic clock, cannot go backward.
    #[function]
    fn monotonic() -> f64 {
        seconds(clock::monotonic_ns())
    }

    /// Monotonic clock, cannot go backward, as nanoseconds.
    #[function]
    fn monotonic_ns() -> i64 {
        clock::monotonic_ns()
    }

    /// Performance counter for benchmarking.
    #[function]
    fn perf_counter() -> f64 {
        seconds(clock::perf_counter_ns())
    }

    /// Performance counter for benchmarking as nanoseconds.
    #[function]
    fn perf_counter_ns() -> i64 {
        clock::perf_counter_ns()
    }

    /// Process time for profiling: sum of the kernel and user-space CPU time.
    #[function]
    fn process_time() -> f64 {
        seconds(clock::process_time_ns())
    }

    /// Process time for profiling as nanoseconds: sum of the kernel and user-space CPU time.
    #[function]
    fn process_time_ns() -> i64 {
        clock::process_time_ns()
    }

    /// Thread time for profiling: sum of the kernel and user-space CPU time.
    #[function]
    fn thread_time() -> f64 {
        seconds(clock::thread_time_ns())
    }

    /// Thread time for profiling as nanoseconds: sum of the kernel and user-space CPU time.
    #[function]
    fn thread_time_ns() -> i64 {
        clock::thread_time_ns()
    }

    /// Return the time of the specified clock clk_id as a float.
    #[function]
    fn clock_gettime(vm: &Vm, clk_id: i64) -> PyResult<f64> {
        clock_gettime_ns(vm, clk_id).map(seconds)
    }

    /// Return the time of the specified clock clk_id as nanoseconds (int).
    #[function]
    fn clock_gettime_ns(vm: &Vm, clk_id: i64) -> PyResult<i64> {
        clock_of(vm, clk_id)?.now_ns().map_err(|error| system_error(vm, &error))
    }

    /// Return the resolution (precision) of the specified clock clk_id.
    #[function]
    fn clock_getres(vm: &Vm, clk_id: i64) -> PyResult<f64> {
        clock_of(vm, clk_id)?.resolution_ns().map(seconds).map_err(|error| system_error(vm, &error))
    }

    /// sleep(seconds)
    ///
    /// Delay execution for a given number of seconds.  The argument may be
    /// a floating-point number for subsecond precision.
    #[function(sig = "seconds, /")]
    fn sleep(vm: &Vm, seconds: &Value) -> PyResult<()> {
        let time = duration(vm, seconds)?;
        let end = clock::monotonic_ns().saturating_add(i64::try_from(time.as_nanos()).unwrap_or(i64::MAX));
        loop {
            // A signal that has already come would not end the sleep.
            let arrivals = signal::arrivals();
            crate::signal_module::run_handlers(vm)?;
            let left = u64::try_from(end.saturating_sub(clock::monotonic_ns())).unwrap_or(0);
            without_lock(vm, || clock::sleep(Duration::from_nanos(left), arrivals));
            if clock::monotonic_ns() >= end {
                return Ok(());
            }
        }
    }

    /// Convert seconds since the Epoch to a time tuple expressing UTC (a.k.a. GMT).
    ///
    /// When 'seconds' is not passed in, convert the current time instead.
    #[function(sig = "seconds=None, /")]
    fn gmtime(vm: &Vm, seconds: Option<&Value>) -> PyResult<Value> {
        let mut time = clock::gmtime(timestamp(vm, seconds)?).map_err(|error| system_error(vm, &error))?;
        if time.zone == "GMT" {
            time.zone = "UTC".to_owned();
        }
        struct_time(vm, time)
    }

    /// Convert seconds since the Epoch to a time tuple expressing local time.
    ///
    /// When 'seconds' is not passed in, convert the current time instead.
    #[function(sig = "seconds=None, /")]
    fn localtime(vm: &Vm, seconds: Option<&Value>) -> PyResult<Value> {
        struct_time(vm, local(vm, timestamp(vm, seconds)?)?)
    }

    /// Convert a time tuple in local time to seconds since the Epoch.
    #[function]
    fn mktime(vm: &Vm, tuple: &Value) -> PyResult<f64> {
        let time = from_tuple(vm, tuple, "mktime")?;
        match clock::mktime(&time) {
            Ok(seconds) => Ok(seconds as f64),
            Err(_) => Err(vm.overflow_error("mktime argument out of range")),
        }
    }

    /// Convert a time tuple to a string, e.g. 'Sat Jun 06 16:26:11 1998'.
    ///
    /// When the time tuple is not present, current time as returned by localtime()
    /// is used.
    #[function(sig = "tuple=None, /")]
    fn asctime(vm: &Vm, tuple: Option<&Value>) -> PyResult<String> {
        let time = match tuple {
            Some(tuple) => checked(vm, from_tuple(vm, tuple, "asctime")?)?,
            None => local(vm, timestamp(vm, None)?)?,
        };
        Ok(text_of(&time))
    }

    /// Convert a time in seconds since the Epoch to a string in local time.
    ///
    /// This is equivalent to asctime(localtime(seconds)). When the time tuple is
    /// not present, current time as returned by localtime() is used.
    #[function(sig = "seconds=None, /")]
    fn ctime(vm: &Vm, seconds: Option<&Value>) -> PyResult<String> {
        Ok(text_of(&local(vm, timestamp(vm, seconds)?)?))
    }

    /// Convert a time tuple to a string according to a format specification.
    ///
    /// See the library reference manual for formatting codes. When the time tuple
    /// is not present, current time as returned by localtime() is used.
    #[function(sig = "format, tuple=None, /")]
    fn strftime(vm: &Vm, format: &Obj<Str>, tuple: Option<&Value>) -> PyResult<Ref<Str>> {
        let time = match tuple {
            Some(tuple) => checked(vm, from_tuple(vm, tuple, "strftime")?)?,
            None => local(vm, timestamp(vm, None)?)?,
        };
        crate::datetime_module::host_format(vm, &time, format)
    }

    /// Parse a string to a time tuple according to a format specification.
    ///
    /// See the library reference manual for formatting codes (same as strftime()).
    #[function]
    fn strptime(vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        let module = taipan_interp::import::import_absolute(vm, "_strptime")?;
        let function = vm.get_attr_text(&module, "_strptime_time")?;
        taipan_objects::types::call::call(vm, &function, args.0)
    }

    /// Initialize, or reinitialize, the local timezone to the value stored in os.environ['TZ'].
    #[function]
    fn tzset(vm: &Vm) -> PyResult<()> {
        clock::tzset();
        let modules = vm.interp().modules.get();
        let found = modules.map_or(Ok(None), |modules| modules.get_text(vm, "time"))?;
        match found.as_ref().and_then(|module| module.downcast::<Module>()) {
            Some(module) => set_zones(vm, module),
            None => Ok(()),
        }
    }

    /// Get information of the specified clock.
    #[function]
    fn get_clock_info(vm: &Vm, name: &Obj<Str>) -> PyResult<Ref<SimpleNamespace>> {
        let (clock, implementation, monotonic, adjustable) = match &*name.to_lossy() {
            "time" => (clock::Clock::Realtime, "clock_gettime(CLOCK_REALTIME)", false, true),
            "monotonic" | "perf_counter" => (clock::Clock::Monotonic, "clock_gettime(CLOCK_MONOTONIC)", true, false),
            "process_time" => (clock::Clock::Process, "clock_gettime(CLOCK_PROCESS_CPUTIME_ID)", true, false),
            "thread_time" => (clock::Clock::Thread, "clock_gettime(CLOCK_THREAD_CPUTIME_ID)", true, false),
            _ => return Err(vm.value_error("unknown clock")),
        };
        let resolution = clock.resolution_ns().map(|ns| ns as f64 / 1e9).unwrap_or(1e-9);
        namespace::new(
            vm,
            [
                ("implementation", implementation.into_value(vm)?),
                ("monotonic", boolean(monotonic)),
                ("adjustable", boolean(adjustable)),
                ("resolution", float::new(vm, resolution)?),
            ],
        )
    }
}
