//! `time`: a time of the day, with a zone or without.
//!
//! Invariant: the packed word has no day.

use super::Shared;
use super::arguments::{self, Params, c_int, c_int_or, exactly, zone_or};
use super::date::{formatted, invalid_format, is_exact, iso_text, parse};
use super::{format, zone};
use std::cell::Cell;
use taipan_heap::{Obj, Payload, Ref, Value};
use taipan_macros::pytype;
use taipan_numeric::calendar::{DAY_MICROS, Packed};
use taipan_numeric::iso_time::{ShortText, TimeSpec, parse_time};
use taipan_objects::builtins::bytes::Bytes;
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{NONE, NOT_IMPLEMENTED, boolean, is_none};
use taipan_objects::native::{Args, FuncArgs};
use taipan_objects::types::{CompareOp, Type};
use taipan_objects::vm::{PyResult, Raised, Vm};

/// `time`
#[derive(Payload)]
#[payload(name = "datetime.time")]
pub struct Time {
    packed: Cell<u64>,
    zone: Option<Value>,
}

impl Time {
    /// Of a checked word.
    pub fn of(packed: Packed, zone: Option<Value>) -> Time {
        Time { packed: Cell::new(packed.bits()), zone }
    }

    /// The time.
    #[inline]
    pub fn packed(&self) -> Packed {
        Packed::from_bits(self.packed.get())
    }

    /// The zone.
    #[inline]
    pub fn zone(&self) -> Option<&Value> {
        self.zone.as_ref()
    }

    /// An instance of `class`, which if it is no builtin is called.
    pub fn make_in(vm: &Vm, class: &Obj<Type>, packed: Packed, zone: Option<Value>) -> PyResult<Value> {
        if class.is_same(&*Shared::of(vm)?.time) {
            return Ok(vm.alloc(class, Time::of(packed, zone))?.into());
        }
        let [hour, minute, second, micro] =
            [packed.hour(), packed.minute(), packed.second(), packed.micro()].map(|part| Value::small_int(part as i32));
        let made = vm.call(&class.to_value(), &[hour, minute, second, micro, zone.unwrap_or(NONE)])?;
        if let (true, Some(time)) = (packed.fold(), made.downcast::<Time>()) {
            time.packed.set(time.packed().with_fold(true).bits());
        }
        Ok(made)
    }

    /// The offset from UTC in microseconds.
    fn offset(&self, vm: &Vm) -> PyResult<Option<i64>> {
        self.zone.as_ref().map_or(Ok(None), |zone| zone::offset_micros(vm, zone, &NONE))
    }
}

/// The error of 24 o'clock with anything behind it.
#[cold]
pub fn bad_midnight(vm: &Vm) -> Raised {
    vm.value_error("minute, second, and microsecond must be 0 when hour is 24")
}

static NEW: Params = Params {
    name: None,
    names: &["hour", "minute", "second", "microsecond", "tzinfo", "fold"],
    required: 0,
    positional: 5,
};
static REPLACE: Params = Params {
    name: Some("replace"),
    names: &["hour", "minute", "second", "microsecond", "tzinfo", "fold"],
    required: 0,
    positional: 5,
};

fn sane_hour(byte: u8) -> bool {
    byte & 127 < 24
}

/// time([hour[, minute[, second[, microsecond[, tzinfo]]]]]) --> a time object
///
/// All arguments are optional. tzinfo may be None, or an instance of
/// a tzinfo subclass. The remaining arguments may be ints.
#[pytype(name = "time", module = "datetime", flags = BASETYPE | NO_WEAK)]
impl Time {
    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        if let ([state, zone @ ..], true) = (args.values, args.names.is_empty())
            && zone.len() <= 1
            && let Some(mut bytes) = arguments::pickled(vm, state, 6, (0, sane_hour), "time")?
        {
            let zone = match zone.first() {
                Some(zone) => arguments::zone(vm, zone).map_err(|_| bad_zone_state(vm))?,
                None => None,
            };
            let fold = bytes[0] & 128 != 0;
            bytes[0] &= 127;
            let packed = arguments::pickled_time(&bytes, fold);
            return Ok(vm.alloc_instance(class, Time::of(packed, zone))?.into());
        }
        let (mut parts, mut fold, mut given_zone) = ([0; 4], 0, None);
        NEW.read(vm, args, |index, value| {
            match index {
                0..=3 => parts[index] = c_int(vm, value)?,
                4 => given_zone = Some(value),
                _ => fold = c_int(vm, value)?,
            }
            Ok(())
        })?;
        // As in C, the parts are looked at before the zone.
        let packed = arguments::time(vm, parts, fold)?;
        let zone = zone_or(vm, given_zone, || None)?;
        Ok(vm.alloc_instance(class, Time::of(packed, zone))?.into())
    }

    /// Construct a time from a string in ISO 8601 format.
    #[classmethod(sig = "object, /")]
    fn fromisoformat(class: &Obj<Type>, vm: &Vm, object: &Value) -> PyResult<Value> {
        let text = iso_text(vm, object)?;
        let Some(ascii) = text.as_ascii() else { return Err(invalid_format(vm, object)) };
        let Some(mut time) = parse_time(ascii.strip_prefix('T').unwrap_or(ascii).as_bytes()) else {
            return Err(invalid_format(vm, object));
        };
        if time.hour == 24 {
            if (time.minute, time.second, time.micro) != (0, 0, 0) {
                return Err(bad_midnight(vm));
            }
            time.hour = 0;
        }
        let zone = time.offset.map(|offset| zone::Timezone::of_micros(vm, offset)).transpose()?;
        let packed = arguments::time(vm, [time.hour, time.minute, time.second, time.micro], 0)?;
        Time::make_in(vm, class, packed, zone)
    }

    /// Parse a string according to a format specification.
    #[classmethod]
    fn strptime(class: &Obj<Type>, vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        parse(vm, class, args.0, "_strptime_datetime_time")
    }

    #[getter]
    fn hour(this: &Obj<Time>) -> i64 {
        this.packed().hour()
    }

    #[getter]
    fn minute(this: &Obj<Time>) -> i64 {
        this.packed().minute()
    }

    #[getter]
    fn second(this: &Obj<Time>) -> i64 {
        this.packed().second()
    }

    #[getter]
    fn microsecond(this: &Obj<Time>) -> i64 {
        this.packed().micro()
    }

    #[getter]
    fn tzinfo(this: &Obj<Time>) -> Value {
        this.zone.clone().unwrap_or(NONE)
    }

    #[getter]
    fn fold(this: &Obj<Time>) -> i64 {
        i64::from(this.packed().fold())
    }

    #[slot(repr)]
    fn show(this: &Obj<Time>, vm: &Vm) -> PyResult<Value> {
        let mut head = format!("{}(", vm.class_of(&this.to_value()).tp_name());
        format::shown_parts(this.packed(), &mut head);
        format::with_zone(vm, &head, this.zone(), if this.packed().fold() { ", fold=1" } else { "" })
    }

    #[slot(str)]
    fn text(this: &Obj<Time>, vm: &Vm) -> PyResult<Value> {
        if is_exact(this) {
            return Time::written(this, vm, TimeSpec::Auto);
        }
        vm.call_method(&this.to_value(), &Shared::of(vm)?.isoformat, &[])
    }

    fn written(this: &Obj<Time>, vm: &Vm, spec: TimeSpec) -> PyResult<Value> {
        let mut text = ShortText::default();
        text.time(this.packed(), spec);
        if let Some(offset) = this.offset(vm)? {
            text.offset(offset, ":");
        }
        Ok(Str::from_latin1(vm, text.bytes())?.into())
    }

    #[slot]
    fn hash(this: &Obj<Time>, vm: &Vm) -> PyResult<i64> {
        let micros = this.packed().day_micros();
        let offset = match &this.zone {
            // The zone is told nothing of the fold.
            Some(zone) => zone::offset_micros(vm, zone, &NONE)?,
            None => None,
        };
        let key = &vm.interp().hash_key;
        Ok(match offset {
            Some(offset) => key.hash_bytes(&(micros - offset).to_ne_bytes()),
            None => key.hash_bytes(&(micros + DAY_MICROS * 4).to_ne_bytes()),
        })
    }

    #[slot]
    fn compare(this: &Obj<Time>, other: &Value, op: CompareOp, vm: &Vm) -> PyResult<Value> {
        let Some(other) = other.downcast::<Time>() else { return Ok(NOT_IMPLEMENTED) };
        let (own, theirs) = (this.packed().with_fold(false), other.packed().with_fold(false));
        let same_zone = match (&this.zone, &other.zone) {
            (None, None) => true,
            (Some(a), Some(b)) => a.is(b),
            _ => false,
        };
        if same_zone {
            return Ok(boolean(op.holds(own.cmp(&theirs))));
        }
        match (this.offset(vm)?, other.offset(vm)?) {
            (Some(a), Some(b)) => Ok(boolean(op.holds((own.day_micros() - a).cmp(&(theirs.day_micros() - b))))),
            (None, None) => Ok(boolean(op.holds(own.cmp(&theirs)))),
            _ => match op {
                CompareOp::Eq => Ok(boolean(false)),
                CompareOp::Ne => Ok(boolean(true)),
                _ => Err(vm.type_error("can't compare offset-naive and offset-aware times")),
            },
        }
    }

    /// Return the time formatted according to ISO.
    ///
    /// The full format is 'HH:MM:SS.mmmmmm+zz:zz'. By default, the fractional
    /// part is omitted if self.microsecond == 0.
    #[method(sig = "timespec='auto'")]
    fn isoformat(this: &Obj<Time>, vm: &Vm, timespec: Option<&Value>) -> PyResult<Value> {
        Time::written(this, vm, format::time_spec(vm, timespec, 1)?)
    }

    /// Format using strftime().
    ///
    /// The date part of the timestamp passed to underlying strftime should not be used.
    #[method(sig = "format")]
    fn strftime(this: &Value, vm: &Vm, format: &Value) -> PyResult<Value> {
        format::strftime(vm, this, format::spec(vm, format)?)
    }

    /// Formats self with strftime.
    #[method]
    fn __format__(this: &Value, vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        formatted(vm, this, args.0, format::strftime)
    }

    /// Return the timezone offset as timedelta positive east of UTC (negative west of UTC).
    #[method]
    fn utcoffset(this: &Obj<Time>, vm: &Vm) -> PyResult<Value> {
        let offset = this.zone.as_ref().map_or(Ok(None), |zone| zone::utcoffset(vm, zone, &NONE))?;
        Ok(offset.map_or(NONE, Value::from))
    }

    /// Return the timezone name associated with the time object.
    #[method]
    fn tzname(this: &Obj<Time>, vm: &Vm) -> PyResult<Value> {
        this.zone.as_ref().map_or(Ok(NONE), |zone| zone::tzname(vm, zone, &NONE))
    }

    /// Return daylight saving time offset.
    #[method]
    fn dst(this: &Obj<Time>, vm: &Vm) -> PyResult<Value> {
        let shift = this.zone.as_ref().map_or(Ok(None), |zone| zone::dst(vm, zone, &NONE))?;
        Ok(shift.map_or(NONE, Value::from))
    }

    /// Return time with new specified fields.
    #[method(
        sig = "hour=unchanged, minute=unchanged, second=unchanged, microsecond=unchanged, tzinfo=unchanged, *, fold=unchanged"
    )]
    fn replace(this: &Obj<Time>, vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        let given: [_; 6] = REPLACE.gather(vm, args.0)?;
        let own = this.packed();
        let mut parts = [own.hour(), own.minute(), own.second(), own.micro()];
        for (part, value) in parts.iter_mut().zip(given) {
            *part = c_int_or(vm, value, *part)?;
        }
        let fold = c_int_or(vm, given[5], i64::from(own.fold()))?;
        let zone = given[4].map_or_else(|| this.zone.clone(), |zone| Some(zone.clone()).filter(|zone| !is_none(zone)));
        let packed = arguments::time(vm, parts, fold)?;
        let zone = zone.map_or(Ok(None), |zone| arguments::zone(vm, &zone))?;
        Time::make_in(vm, vm.class_of(&this.to_value()), packed, zone)
    }

    /// The same as replace().
    #[method(sig = "**changes")]
    fn __replace__(this: &Obj<Time>, vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        Time::replace(this, vm, args)
    }

    fn reduced(this: &Obj<Time>, vm: &Vm, protocol: i64) -> PyResult<Ref<Tuple>> {
        let mut bytes = arguments::time_bytes(this.packed());
        if protocol > 3 && this.packed().fold() {
            bytes[0] |= 128;
        }
        let state = std::iter::once(Bytes::new(vm, &bytes)?.into()).chain(this.zone.clone());
        let arguments = Tuple::from_values(vm, state.collect())?;
        Tuple::pair(vm, vm.class_of(&this.to_value()).to_value(), arguments.into())
    }

    /// __reduce_ex__(proto) -> (cls, state)
    #[method]
    fn __reduce_ex__(this: &Obj<Time>, vm: &Vm, args: FuncArgs<'_>) -> PyResult<Ref<Tuple>> {
        args.0.no_keywords(vm, "time.__reduce_ex__")?;
        let protocol = c_int(vm, &exactly(vm, args.0, "__reduce_ex__", 1)?[0])?;
        Time::reduced(this, vm, protocol)
    }

    /// __reduce__() -> (cls, state)
    #[method]
    fn __reduce__(this: &Obj<Time>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        Time::reduced(this, vm, 2)
    }
}

/// The error of a pickle whose zone is none.
#[cold]
pub fn bad_zone_state(vm: &Vm) -> Raised {
    drop(vm.swap_exception(None));
    vm.type_error("bad tzinfo state arg")
}
