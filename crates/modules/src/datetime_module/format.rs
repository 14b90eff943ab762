//! `strftime`, `ctime` and time tuples.
//!
//! Invariant: the C library is given ASCII only; other characters of a format are copied.

use super::Shared;
use super::date::Date;
use super::moment::DateTime;
use super::time::Time;
use super::zone;
use crate::time_module;
use taipan_heap::{Obj, Ref, Value};
use taipan_host::clock::{self, CalendarTime};
use taipan_numeric::calendar::{Packed, days_before_month, weekday};
use taipan_numeric::iso_time::ShortText;
use taipan_objects::builtins::str::{Str, StrBuilder};
use taipan_objects::builtins::{NONE, is_none};
use taipan_objects::native::IntoValue;
use taipan_objects::types::TypeObject;
use taipan_objects::vm::{PyResult, Vm};

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The format argument.
pub fn spec<'a>(vm: &Vm, format: &'a Value) -> PyResult<&'a Obj<Str>> {
    format.downcast::<Str>().ok_or_else(|| {
        let given = vm.given_name(format);
        vm.type_error(format!("strftime() argument 1 must be str, not {given}"))
    })
}

/// A day and time in the form of C's `ctime`.
pub fn ctime(packed: Packed) -> String {
    let day = DAYS[weekday(packed.ordinal()) as usize];
    let month = MONTHS[(packed.month() as usize + 11) % 12];
    let (date, hour, minute) = (packed.day(), packed.hour(), packed.minute());
    format!("{day} {month} {date:2} {hour:02}:{minute:02}:{:02} {:04}", packed.second(), packed.year())
}

fn year_day(packed: Packed) -> i64 {
    days_before_month(packed.year(), packed.month()) + packed.day()
}

/// A `time.struct_time`.
pub fn struct_time(vm: &Vm, packed: Packed, dst: i32) -> PyResult<Value> {
    let parts = [
        packed.year(),
        packed.month(),
        packed.day(),
        packed.hour(),
        packed.minute(),
        packed.second(),
        weekday(packed.ordinal()),
        year_day(packed),
    ];
    let mut values: Vec<Value> = parts.iter().map(|&part| Value::small_int(part as i32)).collect();
    values.push(Value::small_int(dst));
    time_module::STRUCT_TIME.make(vm, values)
}

fn calendar_time(packed: Packed, isdst: i32) -> CalendarTime {
    CalendarTime {
        year: packed.year(),
        month: packed.month() as i32,
        day: packed.day() as i32,
        hour: packed.hour() as i32,
        minute: packed.minute() as i32,
        second: packed.second() as i32,
        weekday: weekday(packed.ordinal()) as i32,
        yearday: year_day(packed) as i32,
        isdst,
        gmtoff: 0,
        zone: String::new(),
    }
}

/// What is formatted.
struct Source<'a> {
    time: CalendarTime,
    micros: i64,
    zone: Option<Value>,
    /// What the zone is asked about.
    moment: &'a Value,
}

impl Source<'_> {
    fn offset(&self, vm: &Vm, separator: &str, text: &mut StrBuilder) -> PyResult<()> {
        let Some(zone) = &self.zone else { return Ok(()) };
        if let Some(micros) = zone::offset_micros(vm, zone, self.moment)? {
            let mut short = ShortText::default();
            short.offset(micros, separator);
            push_ascii(text, &short);
        }
        Ok(())
    }
}

fn push_ascii(text: &mut StrBuilder, short: &ShortText) {
    if let Ok(ascii) = std::str::from_utf8(short.bytes()) {
        text.push_str(ascii);
    }
}

/// The time tuple of a date or datetime: a subclass may make its own.
fn tuple_time(vm: &Vm, this: &Value, packed: Packed, isdst: impl FnOnce() -> PyResult<i32>) -> PyResult<CalendarTime> {
    let shared = Shared::of(vm)?;
    let class = vm.class_of(this);
    let builtin = if this.downcast::<DateTime>().is_some() { &shared.datetime } else { &shared.date };
    let own = class.is_same(&**builtin)
        || match (class.lookup(vm, &shared.timetuple), builtin.lookup(vm, &shared.timetuple)) {
            (Some(own), Some(inherited)) => own.is(&inherited),
            _ => false,
        };
    if own {
        return Ok(calendar_time(packed, isdst()?));
    }
    let tuple = vm.call_method(this, &shared.timetuple, &[])?;
    time_module::checked(vm, time_module::from_tuple(vm, &tuple, "strftime")?)
}

/// `this` in a format.
pub fn strftime(vm: &Vm, this: &Value, format: &Obj<Str>) -> PyResult<Value> {
    let source = if let Some(moment) = this.downcast::<DateTime>() {
        let (packed, zone) = (moment.packed(), moment.zone());
        let time = tuple_time(vm, this, packed, || DateTime::dst_flag(moment, vm))?;
        Source { time, micros: packed.micro(), zone, moment: this }
    } else if let Some(date) = this.downcast::<Date>() {
        let time = tuple_time(vm, this, date.packed(), || Ok(-1))?;
        Source { time, micros: 0, zone: None, moment: this }
    } else if let Some(time) = this.downcast::<Time>() {
        let packed = Packed::of_date(1900, 1, 1).with_time(time.packed());
        let time_parts = calendar_time(packed, -1);
        Source { time: time_parts, micros: packed.micro(), zone: time.zone().cloned(), moment: &NONE }
    } else {
        return Err(vm.bad_self("strftime", "date", this));
    };
    let mut text = StrBuilder::new();
    let mut points: Vec<u32> = Vec::new();
    let simple = match format.as_ascii() {
        Some(ascii) => write_simple(vm, &source, ascii.as_bytes(), &mut text)?,
        None => false,
    };
    if !simple {
        text = StrBuilder::new();
        points.extend(format.points());
        let points = expanded(vm, &source, &points)?;
        write(vm, &source.time, &points, &mut text)?;
    }
    Ok(text.finish(vm)?.into())
}

/// Writes a format whose directives are all known here; false if one is not.
fn write_simple(vm: &Vm, source: &Source<'_>, format: &[u8], text: &mut StrBuilder) -> PyResult<bool> {
    let mut rest = format;
    while let Some(at) = rest.iter().position(|&byte| byte == b'%') {
        let (before, after) = rest.split_at(at);
        if !before.is_empty() {
            text.push_str(std::str::from_utf8(before).unwrap_or(""));
        }
        rest = match after {
            [_, b':', b'z', rest @ ..] => {
                source.offset(vm, ":", text)?;
                rest
            }
            // A zone's name that is no plain str has a say in how it is taken into the format.
            [_, b'Z', ..] if source.zone.as_ref().is_some_and(|zone| !zone::is_fixed(zone)) => return Ok(false),
            [_, letter, rest @ ..] if directive(vm, source, *letter, text)? => rest,
            _ => return Ok(false),
        };
    }
    if !rest.is_empty() {
        text.push_str(std::str::from_utf8(rest).unwrap_or(""));
    }
    Ok(true)
}

/// The format with what the C library does not know in place of its directives.
fn expanded(vm: &Vm, source: &Source<'_>, format: &[u32]) -> PyResult<Vec<u32>> {
    const PERCENT: u32 = b'%' as u32;
    let mut points = Vec::with_capacity(format.len());
    let mut rest = format;
    while let [point, after @ ..] = rest {
        rest = after;
        if *point != PERCENT || after.is_empty() {
            points.push(*point);
            continue;
        }
        let mut text = StrBuilder::new();
        let letter = u8::try_from(after[0]).unwrap_or(0);
        if letter == b':' && after.get(1) == Some(&u32::from(b'z')) {
            source.offset(vm, ":", &mut text)?;
            rest = &after[2..];
        } else {
            rest = &after[1..];
            let known = match letter {
                b'Z' => {
                    points.extend(zone_name(vm, source)?.iter().flat_map(|name| name.points()));
                    continue;
                }
                // Only years of fewer than four digits are not as the C library writes them.
                b'Y' | b'F' | b'G' | b'C' if source.time.year >= 1000 => false,
                b'f' | b'z' | b'Y' | b'F' => directive(vm, source, letter, &mut text)?,
                b'G' | b'C' => {
                    let width = if letter == b'G' { 4 } else { 2 };
                    let written = from_host(vm, &[b'%', letter], &source.time)?;
                    text.push_str(&format!("{written:0>width$}"));
                    true
                }
                _ => false,
            };
            if !known {
                points.extend([PERCENT, after[0]]);
                continue;
            }
        }
        points.extend(text.finish(vm)?.points());
    }
    Ok(points)
}

/// The zone's name with its percent signs doubled.
fn zone_name(vm: &Vm, source: &Source<'_>) -> PyResult<Option<Ref<Str>>> {
    let Some(zone) = &source.zone else { return Ok(None) };
    let name = zone::tzname(vm, zone, source.moment)?;
    if is_none(&name) {
        return Ok(None);
    }
    let arguments = [Str::new(vm, "%")?.into(), Str::new(vm, "%%")?.into()];
    let doubled = vm.call_method(&name, &*vm.intern("replace")?, &arguments)?;
    match doubled.downcast_into::<Str>() {
        Ok(doubled) => Ok(Some(doubled)),
        Err(_) => Err(vm.type_error("tzname.replace() did not return a string")),
    }
}

fn from_host(vm: &Vm, format: &[u8], time: &CalendarTime) -> PyResult<String> {
    match clock::strftime(format, time) {
        Ok(written) => Ok(String::from_utf8_lossy(&written).into_owned()),
        Err(error) => Err(vm.os_error(taipan_host::errno(&error), None)),
    }
}

/// A time in a format that the C library knows.
pub fn host_format(vm: &Vm, time: &CalendarTime, format: &Str) -> PyResult<Ref<Str>> {
    let points: Vec<u32> = format.points().collect();
    let mut text = StrBuilder::new();
    write(vm, time, &points, &mut text)?;
    text.finish(vm)
}

/// Writes a format by way of the C library, which is given its ASCII parts.
fn write(vm: &Vm, time: &CalendarTime, format: &[u32], text: &mut StrBuilder) -> PyResult<()> {
    let is_plain = |point: &u32| (1..128).contains(point);
    for part in format.chunk_by(|a, b| is_plain(a) == is_plain(b)) {
        if is_plain(&part[0]) {
            let bytes: Vec<u8> = part.iter().map(|&point| point as u8).collect();
            text.push_str(&from_host(vm, &bytes, time)?);
        } else {
            part.iter().for_each(|&point| text.push_point(point));
        }
    }
    Ok(())
}

/// Writes what does not depend on a locale; false for the other directives.
fn directive(vm: &Vm, source: &Source<'_>, letter: u8, text: &mut StrBuilder) -> PyResult<bool> {
    let time = &source.time;
    let mut short = ShortText::default();
    let part = |part: i32| i64::from(part);
    match letter {
        b'Y' if (0..=9999).contains(&time.year) => short.digits(time.year, 4),
        b'm' => short.two(part(time.month)),
        b'd' => short.two(part(time.day)),
        b'H' => short.two(part(time.hour)),
        b'M' => short.two(part(time.minute)),
        b'S' => short.two(part(time.second)),
        b'y' => short.two(time.year.rem_euclid(100)),
        b'j' => short.digits(part(time.yearday), 3),
        b'F' if (0..=9999).contains(&time.year) => {
            short.digits(time.year, 4);
            short.push(b'-');
            short.two(part(time.month));
            short.push(b'-');
            short.two(part(time.day));
        }
        b'T' => {
            for (index, number) in [time.hour, time.minute, time.second].into_iter().enumerate() {
                if index > 0 {
                    short.push(b':');
                }
                short.two(part(number));
            }
        }
        b'%' => short.push(b'%'),
        b'f' => short.digits(source.micros, 6),
        b'z' => source.offset(vm, "", text)?,
        b'Z' => {
            if let Some(zone) = &source.zone {
                let name = zone::tzname(vm, zone, source.moment)?;
                if let Some(name) = name.downcast::<Str>().filter(|_| !is_none(&name)) {
                    text.push(name);
                }
            }
        }
        _ => return Ok(false),
    }
    push_ascii(text, &short);
    Ok(true)
}

/// The `timespec` argument of `isoformat`.
pub fn time_spec(vm: &Vm, value: Option<&Value>, place: usize) -> PyResult<taipan_numeric::iso_time::TimeSpec> {
    let Some(value) = value else { return Ok(taipan_numeric::iso_time::TimeSpec::Auto) };
    let Some(name) = value.downcast::<Str>() else {
        let given = vm.given_name(value);
        return Err(vm.type_error(format!("isoformat() argument {place} must be str, not {given}")));
    };
    let found = taipan_numeric::iso_time::TimeSpec::named(&name.to_lossy());
    found.ok_or_else(|| vm.value_error("Unknown timespec value"))
}

/// What a moment's or time's repr begins with: the class and the parts of the time after `head`.
pub fn shown_parts(packed: Packed, text: &mut String) {
    use std::fmt::Write;
    let _ = write!(text, "{}, {}", packed.hour(), packed.minute());
    if packed.second() != 0 || packed.micro() != 0 {
        let _ = write!(text, ", {}", packed.second());
    }
    if packed.micro() != 0 {
        let _ = write!(text, ", {}", packed.micro());
    }
}

/// A repr whose last argument is the zone's, if there is one.
pub fn with_zone(vm: &Vm, head: &str, zone: Option<&Value>, tail: &str) -> PyResult<Value> {
    let Some(zone) = zone else { return format!("{head}{tail})").into_value(vm) };
    let mut text = taipan_objects::builtins::str::StrBuilder::new();
    text.push_str(head);
    text.push_str(", tzinfo=");
    text.push_repr(vm, zone)?;
    text.push_str(tail);
    text.push_str(")");
    Ok(text.finish(vm)?.into())
}
