//! `datetime`: a day with a time, with a zone or without.
//!
//! Invariant: the zone is an instance of `tzinfo`.

use super::Shared;
use super::arguments::{self, Params, c_int, c_int_or, exactly, zone_or};
use super::date::{Date, invalid_format, is_exact, iso_text, parse};
use super::moment_math;
use super::time::{Time, bad_midnight, bad_zone_state};
use super::{format, iso_text, local, zone};
use taipan_heap::{Obj, Payload, Ref, Slot, Value};
use taipan_host::clock;
use taipan_macros::pytype;
use taipan_numeric::calendar::{DAY_SECONDS, Packed, days_in_month};
use taipan_numeric::iso_time::{ShortText, TimeSpec};
use taipan_objects::builtins::bytes::Bytes;
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{NONE, float};
use taipan_objects::native::{Args, FuncArgs};
use taipan_objects::types::{CompareOp, Type};
use taipan_objects::vm::{PyResult, Vm};

/// `datetime`
#[derive(Payload)]
#[repr(C)]
#[payload(name = "datetime.datetime", base = Date)]
pub struct DateTime {
    date: Date,
    zone: Slot,
}

impl std::ops::Deref for DateTime {
    type Target = Date;

    fn deref(&self) -> &Date {
        &self.date
    }
}

impl DateTime {
    /// Of a checked word.
    pub fn of(packed: Packed, zone: Option<Value>) -> DateTime {
        DateTime { date: Date::of(packed), zone: Slot::new(zone) }
    }

    /// The zone.
    #[inline]
    pub fn zone(&self) -> Option<Value> {
        self.zone.get()
    }

    /// Changes the zone of an instance that nobody has seen.
    pub(super) fn set_zone(&self, zone: Option<Value>) {
        self.zone.set(zone);
    }

    /// An instance of `class`, which if it is no builtin is called.
    pub fn make_in(vm: &Vm, class: &Obj<Type>, packed: Packed, zone: Option<Value>) -> PyResult<Value> {
        if class.is_same(&*Shared::of(vm)?.datetime) {
            return Ok(vm.alloc(class, DateTime::of(packed, zone))?.into());
        }
        let [year, month, day] =
            [packed.year(), packed.month(), packed.day()].map(|part| Value::small_int(part as i32));
        let [hour, minute, second, micro] =
            [packed.hour(), packed.minute(), packed.second(), packed.micro()].map(|part| Value::small_int(part as i32));
        let arguments = [year, month, day, hour, minute, second, micro, zone.unwrap_or(NONE)];
        let made = vm.call(&class.to_value(), &arguments)?;
        if let (true, Some(moment)) = (packed.fold(), made.downcast::<DateTime>()) {
            moment.set_fold(true);
        }
        Ok(made)
    }

    /// As `make_in`, of the class of `this`.
    pub fn like(vm: &Vm, this: &Obj<DateTime>, packed: Packed, zone: Option<Value>) -> PyResult<Value> {
        match this.class::<Type>() {
            Some(class) if is_exact(this) => Ok(vm.alloc(class, DateTime::of(packed, zone))?.into()),
            _ => DateTime::make_in(vm, vm.class_of(&this.to_value()), packed, zone),
        }
    }

    /// What a time tuple says of summer time.
    pub fn dst_flag(this: &Obj<DateTime>, vm: &Vm) -> PyResult<i32> {
        let Some(zone) = this.zone() else { return Ok(-1) };
        let shift = this.with_value(|moment| zone::dst(vm, &zone, moment))?;
        Ok(shift.map_or(-1, |shift| i32::from(shift.as_offset() != Some(0))))
    }

    /// The offset from UTC in microseconds.
    pub fn offset(this: &Obj<DateTime>, vm: &Vm) -> PyResult<Option<i64>> {
        let Some(zone) = this.zone() else { return Ok(None) };
        this.with_value(|moment| zone::offset_micros(vm, &zone, moment))
    }

    /// An instance of `class` at a time of the clock.
    fn at(
        vm: &Vm,
        class: &Obj<Type>,
        (seconds, micros): (i64, i64),
        zone: Option<Value>,
        local: bool,
    ) -> PyResult<Value> {
        let time = local::time_at(vm, seconds, local)?;
        let absolute = local::absolute(vm, &time)?;
        let fold = local && zone.is_none() && local::is_fold(vm, seconds, absolute)?;
        let day = arguments::date(vm, time.year, i64::from(time.month), i64::from(time.day))?;
        // A leap second is the last of its minute.
        let second = time.second.min(59);
        let parts = [time.hour, time.minute, second].map(i64::from);
        let packed = day.with_time(Packed::of_time(parts[0], parts[1], parts[2], micros)).with_fold(fold);
        let made = DateTime::make_in(vm, class, packed, zone.clone())?;
        match (zone, made.downcast_into::<DateTime>()) {
            (Some(zone), Ok(moment)) => zone::from_utc(vm, &zone, moment),
            (_, Ok(moment)) => Ok(moment.into()),
            (_, Err(other)) => Ok(other),
        }
    }

    fn written(this: &Obj<DateTime>, vm: &Vm, separator: u8, spec: TimeSpec) -> PyResult<Value> {
        let mut text = ShortText::default();
        text.date(this.packed());
        text.push(separator);
        text.time(this.packed(), spec);
        if let Some(offset) = DateTime::offset(this, vm)? {
            text.offset(offset, ":");
        }
        Ok(Str::from_latin1(vm, text.bytes())?.into())
    }

    fn reduced(this: &Obj<DateTime>, vm: &Vm, protocol: i64) -> PyResult<Ref<Tuple>> {
        let mut bytes = [0; 10];
        bytes[..4].copy_from_slice(&arguments::date_bytes(this.packed()));
        bytes[4..].copy_from_slice(&arguments::time_bytes(this.packed()));
        if protocol > 3 && this.packed().fold() {
            bytes[2] |= 128;
        }
        let state = std::iter::once(Bytes::new(vm, &bytes)?.into()).chain(this.zone());
        let arguments = Tuple::from_values(vm, state.collect())?;
        Tuple::pair(vm, vm.class_of(&this.to_value()).to_value(), arguments.into())
    }
}

const NAMES: [&str; 9] = ["year", "month", "day", "hour", "minute", "second", "microsecond", "tzinfo", "fold"];
static NEW: Params = Params { name: None, names: &NAMES, required: 3, positional: 8 };
static COMBINE: Params =
    Params { name: Some("combine"), names: &["date", "time", "tzinfo"], required: 2, positional: 3 };
static REPLACE: Params = Params { name: Some("replace"), names: &NAMES, required: 0, positional: 8 };

fn sane_month(byte: u8) -> bool {
    (1..=12).contains(&(byte & 127))
}

/// datetime(year, month, day[, hour[, minute[, second[, microsecond[,tzinfo]]]]])
///
/// The year, month and day arguments are required. tzinfo may be None, or an
/// instance of a tzinfo subclass. The remaining arguments may be ints.
#[pytype(name = "datetime", module = "datetime", flags = BASETYPE | NO_WEAK)]
impl DateTime {
    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        if let ([state, zone @ ..], true) = (args.values, args.names.is_empty())
            && zone.len() <= 1
            && let Some(mut bytes) = arguments::pickled(vm, state, 10, (2, sane_month), "datetime")?
        {
            let zone = match zone.first() {
                Some(zone) => arguments::zone(vm, zone).map_err(|_| bad_zone_state(vm))?,
                None => None,
            };
            let fold = bytes[2] & 128 != 0;
            bytes[2] &= 127;
            let packed = arguments::pickled_date(&bytes).with_time(arguments::pickled_time(&bytes[4..], fold));
            return Ok(vm.alloc_instance(class, DateTime::of(packed, zone))?.into());
        }
        let (mut parts, mut given_zone) = ([0; 9], None);
        NEW.read(vm, args, |index, value| {
            match index {
                7 => given_zone = Some(value),
                _ => parts[index] = c_int(vm, value)?,
            }
            Ok(())
        })?;
        let [year, month, day, hour, minute, second, micro, _, fold] = parts;
        let packed = arguments::date(vm, year, month, day)?;
        let packed = packed.with_time(arguments::time(vm, [hour, minute, second, micro], fold)?);
        let zone = zone_or(vm, given_zone, || None)?;
        Ok(vm.alloc_instance(class, DateTime::of(packed, zone))?.into())
    }

    /// Returns new datetime object representing current time local to tz.
    ///
    ///   tz
    ///     Timezone object.
    ///
    /// If no tz is specified, uses local timezone.
    #[classmethod(sig = "tz=None")]
    fn now(class: &Obj<Type>, vm: &Vm, tz: Option<&Value>) -> PyResult<Value> {
        let zone = zone_or(vm, tz, || None)?;
        let local = zone.is_none();
        DateTime::at(vm, class, now(), zone, local)
    }

    /// Return a new datetime representing UTC day and time.
    #[classmethod]
    fn utcnow(class: &Obj<Type>, vm: &Vm) -> PyResult<Value> {
        deprecated(vm, "utcnow", "now(datetime.UTC)")?;
        DateTime::at(vm, class, now(), None, false)
    }

    /// Create a datetime from a POSIX timestamp, in the given zone or as local time.
    #[classmethod(sig = "timestamp, tz=None")]
    fn fromtimestamp(class: &Obj<Type>, vm: &Vm, timestamp: &Value, tz: Option<&Value>) -> PyResult<Value> {
        let zone = zone_or(vm, tz, || None)?;
        let local = zone.is_none();
        DateTime::at(vm, class, local::seconds_and_micros(vm, timestamp)?, zone, local)
    }

    /// Construct a naive UTC datetime from a POSIX timestamp.
    #[classmethod]
    fn utcfromtimestamp(class: &Obj<Type>, vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        deprecated(vm, "utcfromtimestamp", "fromtimestamp(timestamp, datetime.UTC)")?;
        let timestamp = &exactly(vm, args.0, "utcfromtimestamp", 1)?[0];
        DateTime::at(vm, class, local::seconds_and_micros(vm, timestamp)?, None, false)
    }

    /// Parse a string according to a format specification.
    #[classmethod]
    fn strptime(class: &Obj<Type>, vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        parse(vm, class, args.0, "_strptime_datetime_datetime")
    }

    /// Construct a datetime from a given date and a given time.
    #[classmethod]
    fn combine(class: &Obj<Type>, vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        let (mut day, mut clock, mut given_zone) = (None, None, None);
        COMBINE.read(vm, args.0, |index, value| {
            match index {
                0 => day = value.downcast::<Date>(),
                1 => clock = value.downcast::<Time>(),
                _ => given_zone = Some(value),
            }
            if index == 0 && day.is_none() || index == 1 && clock.is_none() {
                let (wanted, given) = (COMBINE.names[index], vm.given_name(value));
                let place = index + 1;
                return Err(vm.type_error(format!("combine() argument {place} must be datetime.{wanted}, not {given}")));
            }
            Ok(())
        })?;
        let (Some(day), Some(clock)) = (day, clock) else { return Err(vm.type_error("combine() needs two arguments")) };
        let zone = zone_or(vm, given_zone, || clock.zone().cloned())?;
        DateTime::make_in(vm, class, day.packed().with_time(clock.packed()), zone)
    }

    /// Construct a datetime from a string in ISO 8601 format.
    #[classmethod(sig = "object, /")]
    fn fromisoformat(class: &Obj<Type>, vm: &Vm, object: &Value) -> PyResult<Value> {
        let text = iso_text(vm, object)?;
        let read = match text.as_ascii() {
            Some(ascii) => iso_text::read(ascii.as_bytes()),
            None => iso_text::bytes(text).and_then(|bytes| iso_text::read(&bytes)),
        };
        let Some(((mut year, mut month, mut day), mut time)) = read else { return Err(invalid_format(vm, object)) };
        let zone = time.offset.map(|offset| zone::Timezone::of_micros(vm, offset)).transpose()?;
        if time.hour == 24 && (1..=12).contains(&month) && day <= days_in_month(year, month) {
            if (time.minute, time.second, time.micro) != (0, 0, 0) {
                return Err(bad_midnight(vm));
            }
            time.hour = 0;
            day += 1;
            if day > days_in_month(year, month) {
                (day, month) = (1, month + 1);
            }
            if month > 12 {
                (month, year) = (1, year + 1);
            }
        }
        let packed = arguments::date(vm, year, month, day)?;
        let packed = packed.with_time(arguments::time(vm, [time.hour, time.minute, time.second, time.micro], 0)?);
        DateTime::make_in(vm, class, packed, zone)
    }

    #[getter]
    fn hour(this: &Obj<DateTime>) -> i64 {
        this.packed().hour()
    }

    #[getter]
    fn minute(this: &Obj<DateTime>) -> i64 {
        this.packed().minute()
    }

    #[getter]
    fn second(this: &Obj<DateTime>) -> i64 {
        this.packed().second()
    }

    #[getter]
    fn microsecond(this: &Obj<DateTime>) -> i64 {
        this.packed().micro()
    }

    #[getter]
    fn tzinfo(this: &Obj<DateTime>) -> Value {
        this.zone().unwrap_or(NONE)
    }

    #[getter]
    fn fold(this: &Obj<DateTime>) -> i64 {
        i64::from(this.packed().fold())
    }

    #[slot(repr)]
    fn show(this: &Obj<DateTime>, vm: &Vm) -> PyResult<Value> {
        let packed = this.packed();
        let name = vm.class_of(&this.to_value()).tp_name();
        let mut head = format!("{name}({}, {}, {}, ", packed.year(), packed.month(), packed.day());
        format::shown_parts(packed, &mut head);
        if packed.fold() {
            head.push_str(", fold=1");
        }
        format::with_zone(vm, &head, this.zone().as_ref(), "")
    }

    #[slot(str)]
    fn text(this: &Obj<DateTime>, vm: &Vm) -> PyResult<Value> {
        if is_exact(this) {
            return DateTime::written(this, vm, b' ', TimeSpec::Auto);
        }
        vm.call_method(&this.to_value(), &Shared::of(vm)?.isoformat, &[Str::new(vm, " ")?.into()])
    }

    #[slot]
    fn hash(this: &Obj<DateTime>, vm: &Vm) -> PyResult<i64> {
        moment_math::hash(vm, this)
    }

    #[slot]
    fn compare(this: &Obj<DateTime>, other: &Value, op: CompareOp, vm: &Vm) -> PyResult<Value> {
        moment_math::compare(vm, this, other, op)
    }

    #[slot(binary(Add))]
    fn add(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        moment_math::sum(vm, left, right)
    }

    #[slot(binary(Sub))]
    fn subtract(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        moment_math::subtract(vm, left, right)
    }

    /// Return date object with same year, month and day.
    #[method(name = "date")]
    fn day_alone(this: &Obj<DateTime>, vm: &Vm) -> PyResult<Ref<Date>> {
        Date::make(vm, this.packed())
    }

    /// Return time object with same time but with tzinfo=None.
    #[method(name = "time")]
    fn time_alone(this: &Obj<DateTime>, vm: &Vm) -> PyResult<Ref<Time>> {
        vm.alloc(&*Shared::of(vm)?.time, Time::of(this.packed().time(), None))
    }

    /// Return time object with same time and tzinfo.
    #[method]
    fn timetz(this: &Obj<DateTime>, vm: &Vm) -> PyResult<Ref<Time>> {
        vm.alloc(&*Shared::of(vm)?.time, Time::of(this.packed().time(), this.zone()))
    }

    /// Return ctime() style string.
    #[method]
    fn ctime(this: &Obj<DateTime>) -> String {
        format::ctime(this.packed())
    }

    /// Return time tuple, compatible with time.localtime().
    #[method]
    fn timetuple(this: &Obj<DateTime>, vm: &Vm) -> PyResult<Value> {
        format::struct_time(vm, this.packed(), DateTime::dst_flag(this, vm)?)
    }

    /// Return UTC time tuple, compatible with time.localtime().
    #[method]
    fn utctimetuple(this: &Obj<DateTime>, vm: &Vm) -> PyResult<Value> {
        let packed = match DateTime::offset(this, vm)? {
            Some(offset) if offset != 0 => moment_math::shifted(vm, this.packed(), -offset)?,
            _ => this.packed(),
        };
        format::struct_time(vm, packed, 0)
    }

    /// Return POSIX timestamp as float.
    #[method]
    fn timestamp(this: &Obj<DateTime>, vm: &Vm) -> PyResult<Value> {
        let packed = this.packed();
        if this.zone.is_empty() {
            let seconds = local::timestamp_of(vm, packed)?;
            return float::new(vm, seconds as f64 + packed.micro() as f64 / 1e6);
        }
        let Some(offset) = DateTime::offset(this, vm)? else {
            return Err(vm.type_error("can't subtract offset-naive and offset-aware datetimes"));
        };
        let micros = packed.micros() - offset - local::EPOCH / DAY_SECONDS * taipan_numeric::calendar::DAY_MICROS;
        let delta = super::delta_math::between(vm, micros)?;
        super::delta::TimeDelta::total_seconds(&delta, vm)
    }

    /// [sep] -> string in ISO 8601 format, YYYY-MM-DDT[HH[:MM[:SS[.mmm[uuu]]]]][+HH:MM].
    ///
    /// sep is used to separate the year from the time, and defaults to 'T'.
    /// The optional argument timespec specifies the number of additional terms
    /// of the time to include. Valid options are 'auto', 'hours', 'minutes',
    /// 'seconds', 'milliseconds' and 'microseconds'.
    #[method(sig = "sep='T', timespec='auto'")]
    fn isoformat(this: &Obj<DateTime>, vm: &Vm, sep: Option<&Value>, timespec: Option<&Value>) -> PyResult<Value> {
        let point = match sep {
            None => u32::from(b'T'),
            Some(sep) => moment_math::separator(vm, sep)?,
        };
        let spec = format::time_spec(vm, timespec, 2)?;
        if let Ok(byte @ 0..=127) = u8::try_from(point) {
            return DateTime::written(this, vm, byte, spec);
        }
        let text = DateTime::written(this, vm, b'T', spec)?;
        let Some(text) = text.downcast::<Str>() else { return Ok(text) };
        let points: Vec<u32> =
            text.points().enumerate().map(|(at, other)| if at == 10 { point } else { other }).collect();
        Ok(Str::from_points(vm, &points)?.into())
    }

    /// Return the timezone offset as timedelta positive east of UTC (negative west of UTC).
    #[method]
    fn utcoffset(this: &Value, vm: &Vm) -> PyResult<Value> {
        let zone = moment_math::zone_of(vm, this)?;
        let offset = zone.map_or(Ok(None), |zone| zone::utcoffset(vm, &zone, this))?;
        Ok(offset.map_or(NONE, Value::from))
    }

    /// Return name of timezone associated with datetime.
    #[method]
    fn tzname(this: &Value, vm: &Vm) -> PyResult<Value> {
        let zone = moment_math::zone_of(vm, this)?;
        zone.map_or(Ok(NONE), |zone| zone::tzname(vm, &zone, this))
    }

    /// Return daylight saving time offset.
    #[method]
    fn dst(this: &Value, vm: &Vm) -> PyResult<Value> {
        let zone = moment_math::zone_of(vm, this)?;
        let shift = zone.map_or(Ok(None), |zone| zone::dst(vm, &zone, this))?;
        Ok(shift.map_or(NONE, Value::from))
    }

    /// Convert to local time in new timezone tz.
    #[method(sig = "tz=None")]
    fn astimezone(this: &Obj<DateTime>, vm: &Vm, tz: Option<&Value>) -> PyResult<Value> {
        moment_math::converted(vm, this, zone_or(vm, tz, || None)?)
    }

    /// Return datetime with new specified fields.
    #[method(
        sig = "year=unchanged, month=unchanged, day=unchanged, hour=unchanged, minute=unchanged, second=unchanged, microsecond=unchanged, tzinfo=unchanged, *, fold=unchanged"
    )]
    fn replace(this: &Obj<DateTime>, vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        let given: [_; 9] = REPLACE.gather(vm, args.0)?;
        let own = this.packed();
        let (time, fold) = ([own.hour(), own.minute(), own.second(), own.micro()], i64::from(own.fold()));
        let mut parts = [own.year(), own.month(), own.day(), time[0], time[1], time[2], time[3], 0, fold];
        for (index, (part, value)) in parts.iter_mut().zip(given).enumerate() {
            if index != 7 {
                *part = c_int_or(vm, value, *part)?;
            }
        }
        let [year, month, day, hour, minute, second, micro, _, fold] = parts;
        let packed = arguments::date(vm, year, month, day)?;
        let packed = packed.with_time(arguments::time(vm, [hour, minute, second, micro], fold)?);
        let zone = zone_or(vm, given[7], || this.zone())?;
        DateTime::like(vm, this, packed, zone)
    }

    /// The same as replace().
    #[method(sig = "**changes")]
    fn __replace__(this: &Obj<DateTime>, vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        DateTime::replace(this, vm, args)
    }

    /// __reduce_ex__(proto) -> (cls, state)
    #[method]
    fn __reduce_ex__(this: &Obj<DateTime>, vm: &Vm, args: FuncArgs<'_>) -> PyResult<Ref<Tuple>> {
        args.0.no_keywords(vm, "datetime.__reduce_ex__")?;
        let protocol = c_int(vm, &exactly(vm, args.0, "__reduce_ex__", 1)?[0])?;
        DateTime::reduced(this, vm, protocol)
    }

    /// __reduce__() -> (cls, state)
    #[method]
    fn __reduce__(this: &Obj<DateTime>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        DateTime::reduced(this, vm, 2)
    }
}

/// Seconds and microseconds that the clock shows.
fn now() -> (i64, i64) {
    let time = clock::time_ns();
    (time.div_euclid(1_000_000_000), time.rem_euclid(1_000_000_000) / 1000)
}

fn deprecated(vm: &Vm, name: &str, instead: &str) -> PyResult<()> {
    let advice = "scheduled for removal in a future version. Use timezone-aware objects to represent datetimes in UTC";
    vm.warn_deprecated(&format!("datetime.datetime.{name}() is deprecated and {advice}: datetime.datetime.{instead}."))
}
