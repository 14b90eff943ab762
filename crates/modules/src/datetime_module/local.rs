//! Timestamps and the system's own zone.
//!
//! Invariant: seconds called absolute are counted from the midnight before day 1, timestamps from 1970.

use super::Shared;
use super::delta::TimeDelta;
use super::zone::Timezone;
use crate::time_module;
use taipan_heap::Value;
use taipan_host::clock::{self, CalendarTime};
use taipan_numeric::calendar::{DAY_SECONDS, MAX_YEAR, MIN_YEAR, Packed, ordinal};
use taipan_numeric::int_float;
use taipan_objects::builtins::{float, int, is_none};
use taipan_objects::native::IntoValue;
use taipan_objects::vm::{PyResult, Vm};

/// Absolute seconds at the epoch.
pub const EPOCH: i64 = 719_163 * DAY_SECONDS;
/// The longest by which clocks are set back.
const LONGEST_FOLD: i64 = DAY_SECONDS;

/// A timestamp rounded down to whole seconds.
pub fn whole_seconds(vm: &Vm, value: &Value) -> PyResult<i64> {
    if is_none(value) {
        return int::index(vm, value).map(|_| 0);
    }
    time_module::timestamp(vm, Some(value))
}

/// A timestamp in seconds and microseconds, rounded to the nearest, half to even.
pub fn seconds_and_micros(vm: &Vm, value: &Value) -> PyResult<(i64, i64)> {
    let beyond = || vm.overflow_error("timestamp out of range for platform time_t");
    if let Some(number) = float::get(value) {
        if number.is_nan() {
            return Err(vm.value_error("Invalid value NaN (not a number)"));
        }
        let whole = number.trunc();
        let micros = half_even((number - whole) * 1e6) as i64;
        let seconds = int_float::from_float(whole).ok().and_then(|whole| i64::try_from(&whole).ok());
        let seconds = seconds.and_then(|seconds| seconds.checked_add(micros.div_euclid(1_000_000)));
        return Ok((seconds.ok_or_else(beyond)?, micros.rem_euclid(1_000_000)));
    }
    if !int::is_int(value) && vm.class_of(value).slots.index.get().is_none() {
        let given = vm.class_of(value).full_name(vm);
        return Err(vm.type_error(format!("argument must be int or float, not {given}")));
    }
    Ok((int::index_i64(vm, value)?.ok_or_else(beyond)?, 0))
}

fn half_even(number: f64) -> f64 {
    let rounded = number.round();
    if (number - rounded).abs() == 0.5 { 2.0 * (number / 2.0).round() } else { rounded }
}

/// The calendar at a timestamp, in the system's zone or in UTC.
pub fn time_at(vm: &Vm, timestamp: i64, local: bool) -> PyResult<CalendarTime> {
    let time = if local { clock::localtime(timestamp) } else { clock::gmtime(timestamp) };
    time.map_err(|error| vm.os_error(taipan_host::errno(&error), None))
}

/// Absolute seconds that a calendar's parts mean in UTC.
pub fn absolute(vm: &Vm, time: &CalendarTime) -> PyResult<i64> {
    if !(MIN_YEAR..=MAX_YEAR).contains(&time.year) {
        return Err(vm.value_error(format!("year must be in {MIN_YEAR}..{MAX_YEAR}, not {}", time.year)));
    }
    let day = ordinal(time.year, i64::from(time.month), i64::from(time.day));
    let [hour, minute, second] = [time.hour, time.minute, time.second].map(i64::from);
    Ok(day * DAY_SECONDS + (hour * 60 + minute) * 60 + second)
}

/// What clocks of the system's zone show, in absolute seconds.
fn shown(vm: &Vm, absolute_utc: i64) -> PyResult<i64> {
    absolute(vm, &time_at(vm, absolute_utc - EPOCH, true)?)
}

/// Whether a local time, in absolute seconds, is the second of its name.
pub fn is_fold(vm: &Vm, timestamp: i64, local: i64) -> PyResult<bool> {
    let utc = EPOCH + timestamp;
    let before = shown(vm, utc - LONGEST_FOLD)?;
    let change = local - before - LONGEST_FOLD;
    Ok(change < 0 && shown(vm, utc + change)? == local)
}

/// The timestamp of a local time.
pub fn timestamp_of(vm: &Vm, packed: Packed) -> PyResult<i64> {
    let wanted = packed.ordinal() * DAY_SECONDS + packed.day_seconds();
    let first_guess = wanted - (shown(vm, wanted)? - wanted);
    let first_shown = shown(vm, first_guess)?;
    let offset = if first_shown == wanted {
        // A solution; there may be another one on the other side of a change.
        let other = if packed.fold() { first_guess + LONGEST_FOLD } else { first_guess - LONGEST_FOLD };
        let offset = shown(vm, other)? - other;
        if offset == wanted - first_guess {
            return Ok(first_guess - EPOCH);
        }
        offset
    } else {
        first_shown - first_guess
    };
    let second_guess = wanted - offset;
    if shown(vm, second_guess)? == wanted {
        return Ok(second_guess - EPOCH);
    }
    if first_shown == wanted {
        return Ok(first_guess - EPOCH);
    }
    // No clock shows this time.
    let (earlier, later) = (first_guess.min(second_guess), first_guess.max(second_guess));
    Ok(if packed.fold() { earlier } else { later } - EPOCH)
}

/// The system's zone at a local time, as a fixed one.
pub fn zone_of_local(vm: &Vm, packed: Packed) -> PyResult<Value> {
    let (own, other) = (timestamp_of(vm, packed)?, timestamp_of(vm, packed.with_fold(!packed.fold()))?);
    // Of a time that no clock shows, fold 0 means the zone before the change.
    let in_gap = own != other && (other > own) == packed.fold();
    zone_at(vm, if in_gap { other } else { own })
}

/// The system's zone at a timestamp, as a fixed one.
pub fn zone_at(vm: &Vm, timestamp: i64) -> PyResult<Value> {
    let time = time_at(vm, timestamp, true)?;
    let offset = TimeDelta::new_in(vm, &Shared::of(vm)?.delta, 0, time.gmtoff * 1_000_000)?;
    Timezone::of_offset(vm, offset, Some(time.zone.into_value(vm)?))
}
