//! `date`: a day.
//!
//! Invariant: the packed word of a date that is no datetime has no time.

use super::Shared;
use super::arguments::{self, Params, c_int, c_int_or, exactly};
use super::delta::TimeDelta;
use super::{delta_math, format, iso_calendar, local};
use std::cell::Cell;
use taipan_heap::{Obj, Payload, Ref, Value, flags};
use taipan_macros::pytype;
use taipan_numeric::calendar::{self, DAY_MICROS, IsoFault, MAX_ORDINAL, Packed};
use taipan_numeric::iso_time::{ShortText, parse_date};
use taipan_objects::builtins::bytes::Bytes;
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{NOT_IMPLEMENTED, boolean};
use taipan_objects::native::{Args, FuncArgs, IntoValue};
use taipan_objects::types::{CompareOp, Type};
use taipan_objects::vm::{PyResult, Raised, Vm};

/// `date`
#[derive(Payload)]
#[payload(name = "datetime.date")]
pub struct Date {
    packed: Cell<u64>,
}

impl Date {
    /// Of a checked word.
    pub fn of(packed: Packed) -> Date {
        Date { packed: Cell::new(packed.bits()) }
    }

    /// The day, and in a datetime the time.
    #[inline]
    pub fn packed(&self) -> Packed {
        Packed::from_bits(self.packed.get())
    }

    /// Changes the fold of an instance that nobody has seen.
    pub(super) fn set_fold(&self, fold: bool) {
        self.packed.set(self.packed().with_fold(fold).bits());
    }

    fn day(&self) -> Packed {
        self.packed().date()
    }

    /// A plain date.
    pub fn make(vm: &Vm, packed: Packed) -> PyResult<Ref<Date>> {
        vm.alloc(&*Shared::of(vm)?.date, Date::of(packed.date()))
    }

    /// An instance of `class`, which if it is no builtin is called.
    pub fn make_in(vm: &Vm, class: &Obj<Type>, packed: Packed) -> PyResult<Value> {
        let shared = Shared::of(vm)?;
        if class.is_same(&*shared.date) {
            return Ok(vm.alloc(class, Date::of(packed.date()))?.into());
        }
        if class.is_same(&*shared.datetime) {
            return Ok(vm.alloc(class, super::moment::DateTime::of(packed.date(), None))?.into());
        }
        let parts = [packed.year(), packed.month(), packed.day()].map(|part| Value::small_int(part as i32));
        vm.call(&class.to_value(), &parts)
    }
}

/// Whether the object's class is the builtin one itself.
#[inline]
pub fn is_exact<T: Payload>(object: &Obj<T>) -> bool {
    object.header().kind().has(flags::EXACT)
}

#[cold]
pub fn out_of_range(vm: &Vm) -> Raised {
    vm.overflow_error("date value out of range")
}

#[cold]
pub fn invalid_format(vm: &Vm, text: &Value) -> Raised {
    match vm.repr(text) {
        Ok(shown) => {
            let mut message = taipan_objects::builtins::str::StrBuilder::starting("Invalid isoformat string: ");
            message.push(&shown);
            match message.finish(vm).and_then(|text| vm.new_exception(&vm.types().value_error, &[text.into()])) {
                Ok(error) => vm.raise(error),
                Err(raised) => raised,
            }
        }
        Err(raised) => raised,
    }
}

/// The text that a `fromisoformat` reads.
pub fn iso_text<'a>(vm: &Vm, text: &'a Value) -> PyResult<&'a Obj<Str>> {
    text.downcast::<Str>().ok_or_else(|| vm.type_error("fromisoformat: argument must be str"))
}

/// Calls a method of `object` that a subclass may have replaced.
pub fn ask(vm: &Vm, object: &Value, name: &Obj<Str>, args: &[Value]) -> PyResult<Value> {
    vm.call_method(object, name, args)
}

/// `cls(string, format)` of module `_strptime`.
pub fn parse(vm: &Vm, class: &Obj<Type>, args: Args<'_>, function: &str) -> PyResult<Value> {
    let given = exactly(vm, args, "strptime", 2)?;
    for (index, value) in given.iter().enumerate() {
        if value.downcast::<Str>().is_none() {
            let given = vm.given_name(value);
            return Err(vm.type_error(format!("strptime() argument {} must be str, not {given}", index + 1)));
        }
    }
    let module = taipan_interp::import::import_absolute(vm, "_strptime")?;
    let function = vm.get_attr(&module, &*vm.intern(function)?)?;
    vm.call(&function, &[class.to_value(), given[0].clone(), given[1].clone()])
}

/// What `__format__` does: `str()` for an empty format, else `strftime`.
pub fn formatted(
    vm: &Vm,
    this: &Value,
    args: Args<'_>,
    own: fn(&Vm, &Value, &Obj<Str>) -> PyResult<Value>,
) -> PyResult<Value> {
    let given = exactly(vm, args, "__format__", 1)?;
    let Some(spec) = given[0].downcast::<Str>() else {
        let given = vm.given_name(&given[0]);
        return Err(vm.type_error(format!("__format__() argument 1 must be str, not {given}")));
    };
    if spec.is_empty() {
        return Ok(vm.str(this)?.into());
    }
    if this.header().is_some_and(|header| header.kind().has(flags::EXACT)) {
        return own(vm, this, spec);
    }
    vm.call_method(this, &Shared::of(vm)?.strftime, &[spec.to_value()])
}

static REPLACE: Params = Params { name: Some("replace"), names: &["year", "month", "day"], required: 0, positional: 3 };
static NEW: Params = Params { name: None, names: &["year", "month", "day"], required: 3, positional: 3 };

fn sane_month(byte: u8) -> bool {
    (1..=12).contains(&byte)
}

/// date(year, month, day) --> date object
#[pytype(name = "date", module = "datetime", flags = BASETYPE | NO_WEAK)]
impl Date {
    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        if let ([state], true) = (args.values, args.names.is_empty())
            && let Some(bytes) = arguments::pickled(vm, state, 4, (2, sane_month), "date")?
        {
            return Ok(vm.alloc_instance(class, Date::of(arguments::pickled_date(&bytes)))?.into());
        }
        let mut parts = [0; 3];
        NEW.read(vm, args, |index, value| {
            parts[index] = c_int(vm, value)?;
            Ok(())
        })?;
        let [year, month, day] = parts;
        Ok(vm.alloc_instance(class, Date::of(arguments::date(vm, year, month, day)?))?.into())
    }

    /// Create a date from a POSIX timestamp.
    ///
    /// The timestamp is a number, e.g. created via time.time(), that is interpreted
    /// as local time.
    #[classmethod(sig = "timestamp, /")]
    fn fromtimestamp(class: &Obj<Type>, vm: &Vm, timestamp: &Value) -> PyResult<Value> {
        let seconds = local::whole_seconds(vm, timestamp)?;
        let time = local::time_at(vm, seconds, true)?;
        let packed = arguments::date(vm, time.year, i64::from(time.month), i64::from(time.day));
        if packed.is_err() && !class.is_same(&*Shared::of(vm)?.date) {
            // A class of its own may know more years.
            drop(vm.swap_exception(None));
            let parts = [time.year.into_value(vm)?, Value::small_int(time.month), Value::small_int(time.day)];
            return vm.call(&class.to_value(), &parts);
        }
        Date::make_in(vm, class, packed?)
    }

    /// Construct a date from a POSIX timestamp of now in the local zone.
    #[classmethod]
    fn today(class: &Obj<Type>, vm: &Vm) -> PyResult<Value> {
        let shared = Shared::of(vm)?;
        let now = taipan_host::clock::time_ns();
        if class.is_same(&*shared.date) {
            let time = local::time_at(vm, now.div_euclid(1_000_000_000), true)?;
            let packed = arguments::date(vm, time.year, i64::from(time.month), i64::from(time.day))?;
            return Ok(vm.alloc(class, Date::of(packed))?.into());
        }
        let module = taipan_interp::import::import_absolute(vm, "time")?;
        let time = vm.call(&vm.get_attr_text(&module, "time")?, &[])?;
        vm.call_method(&class.to_value(), &shared.fromtimestamp, &[time])
    }

    /// Construct a date from a proleptic Gregorian ordinal, day 1 being the first of January of year 1.
    #[classmethod]
    fn fromordinal(class: &Obj<Type>, vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        let ordinal = c_int(vm, &exactly(vm, args.0, "fromordinal", 1)?[0])?;
        if ordinal < 1 {
            return Err(vm.value_error("ordinal must be >= 1"));
        }
        let (year, month, day) = calendar::from_ordinal(ordinal);
        Date::make_in(vm, class, arguments::date(vm, year, month, day)?)
    }

    /// Construct a date from a string in ISO 8601 format.
    #[classmethod(sig = "object, /")]
    fn fromisoformat(class: &Obj<Type>, vm: &Vm, object: &Value) -> PyResult<Value> {
        let text = iso_text(vm, object)?;
        // The length that counts is that of the UTF-8 form, and what follows a date of eight digits is not looked at.
        let text = text.to_utf8();
        let bytes = text.as_deref().map(str::as_bytes).filter(|bytes| matches!(bytes.len(), 7 | 8 | 10));
        match bytes.and_then(|bytes| parse_date(bytes, bytes.len())) {
            Some((year, month, day)) => Date::make_in(vm, class, arguments::date(vm, year, month, day)?),
            None => Err(invalid_format(vm, object)),
        }
    }

    /// Construct a date from the ISO year, week number and weekday; the inverse of date.isocalendar().
    #[classmethod(sig = "year, week, day")]
    fn fromisocalendar(class: &Obj<Type>, vm: &Vm, year: &Value, week: &Value, day: &Value) -> PyResult<Value> {
        let mut parts = [0; 3];
        for (part, value) in parts.iter_mut().zip([year, week, day]) {
            *part = match vm.catch(c_int(vm, value), &vm.types().overflow_error)? {
                Some(part) => part,
                None => return Err(vm.value_error("ISO calendar component out of range")),
            };
        }
        let [year, week, day] = parts;
        match calendar::from_iso_week(year, week, day) {
            Ok(ordinal) => {
                let (year, month, day) = calendar::from_ordinal(ordinal);
                Date::make_in(vm, class, arguments::date(vm, year, month, day)?)
            }
            Err(IsoFault::Year) => Err(vm.value_error(format!("year must be in 1..9999, not {year}"))),
            Err(IsoFault::Week) => Err(vm.value_error(format!("Invalid week: {week}"))),
            Err(IsoFault::Day) => Err(vm.value_error(format!("Invalid weekday: {day} (range is [1, 7])"))),
        }
    }

    /// Parse a string according to a format specification.
    #[classmethod]
    fn strptime(class: &Obj<Type>, vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        parse(vm, class, args.0, "_strptime_datetime_date")
    }

    #[getter]
    fn year(this: &Obj<Date>) -> i64 {
        this.packed().year()
    }

    #[getter]
    fn month(this: &Obj<Date>) -> i64 {
        this.packed().month()
    }

    #[getter(name = "day")]
    fn day_of_month(this: &Obj<Date>) -> i64 {
        this.packed().day()
    }

    #[slot(repr)]
    fn show(this: &Obj<Date>, vm: &Vm) -> PyResult<Value> {
        let (name, day) = (vm.class_of(&this.to_value()).tp_name(), this.day());
        format!("{name}({}, {}, {})", day.year(), day.month(), day.day()).into_value(vm)
    }

    #[slot(str)]
    fn text(this: &Obj<Date>, vm: &Vm) -> PyResult<Value> {
        if this.downcast::<super::moment::DateTime>().is_none() && is_exact(this) {
            return Date::isoformat(this, vm);
        }
        ask(vm, &this.to_value(), &Shared::of(vm)?.isoformat, &[])
    }

    #[slot]
    fn hash(this: &Obj<Date>, vm: &Vm) -> PyResult<i64> {
        Ok(vm.interp().hash_key.hash_bytes(&this.day().bits().to_ne_bytes()))
    }

    #[slot]
    fn compare(this: &Obj<Date>, other: &Value, op: CompareOp) -> PyResult<Value> {
        match other.downcast::<Date>() {
            Some(other) if other.downcast::<super::moment::DateTime>().is_none() => {
                Ok(boolean(op.holds(this.day().cmp(&other.day()))))
            }
            _ => Ok(NOT_IMPLEMENTED),
        }
    }

    #[slot(binary(Add))]
    fn add(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        let (date, delta) = match left.downcast::<Date>() {
            Some(date) => (Some(date), right.downcast::<TimeDelta>()),
            None => (right.downcast::<Date>(), left.downcast::<TimeDelta>()),
        };
        match (date, delta) {
            (Some(date), Some(delta)) if date.downcast::<super::moment::DateTime>().is_none() => {
                Date::moved(vm, date, delta.whole_days())
            }
            _ => Ok(NOT_IMPLEMENTED),
        }
    }

    #[slot(binary(Sub))]
    fn subtract(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        let is_moment = |value: &Value| value.downcast::<super::moment::DateTime>().is_some();
        if is_moment(left) || is_moment(right) {
            return Ok(NOT_IMPLEMENTED);
        }
        let Some(date) = left.downcast::<Date>() else { return Ok(NOT_IMPLEMENTED) };
        if let Some(other) = right.downcast::<Date>() {
            let days = date.packed().ordinal() - other.packed().ordinal();
            return Ok(delta_math::between(vm, days * DAY_MICROS)?.into());
        }
        match right.downcast::<TimeDelta>() {
            Some(delta) => Date::moved(vm, date, -delta.whole_days()),
            None => Ok(NOT_IMPLEMENTED),
        }
    }

    fn moved(vm: &Vm, date: &Obj<Date>, days: i64) -> PyResult<Value> {
        let ordinal = date.packed().ordinal() + days;
        if !(1..=MAX_ORDINAL).contains(&ordinal) {
            return Err(out_of_range(vm));
        }
        let (year, month, day) = calendar::from_ordinal(ordinal);
        let packed = Packed::of_date(year, month, day);
        match date.class::<Type>() {
            Some(class) if is_exact(date) => Ok(vm.alloc(class, Date::of(packed))?.into()),
            _ => Date::make_in(vm, vm.class_of(&date.to_value()), packed),
        }
    }

    /// Return ctime() style string.
    #[method]
    fn ctime(this: &Obj<Date>, vm: &Vm) -> PyResult<String> {
        let _ = vm;
        Ok(format::ctime(this.day()))
    }

    /// Format using strftime().
    ///
    /// Example: "%d/%m/%Y, %H:%M:%S".
    #[method(sig = "format")]
    fn strftime(this: &Value, vm: &Vm, format: &Value) -> PyResult<Value> {
        format::strftime(vm, this, format::spec(vm, format)?)
    }

    /// Formats self with strftime.
    #[method]
    fn __format__(this: &Value, vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        formatted(vm, this, args.0, format::strftime)
    }

    /// Return the date formatted according to ISO.
    #[method]
    fn isoformat(this: &Obj<Date>, vm: &Vm) -> PyResult<Value> {
        let mut text = ShortText::default();
        text.date(this.packed());
        Ok(Str::from_latin1(vm, text.bytes())?.into())
    }

    /// Return the day of the week represented by the date.
    ///
    /// Monday == 1 ... Sunday == 7
    #[method]
    fn isoweekday(this: &Obj<Date>) -> i64 {
        calendar::weekday(this.packed().ordinal()) + 1
    }

    /// Return a named tuple containing ISO year, week number, and weekday.
    #[method]
    fn isocalendar(this: &Obj<Date>, vm: &Vm) -> PyResult<Value> {
        let packed = this.packed();
        iso_calendar::make(vm, calendar::iso_week(packed.year(), packed.ordinal()))
    }

    /// Return the day of the week represented by the date.
    ///
    /// Monday == 0 ... Sunday == 6
    #[method]
    fn weekday(this: &Obj<Date>) -> i64 {
        calendar::weekday(this.packed().ordinal())
    }

    /// Return proleptic Gregorian ordinal, day 1 being the first of January of year 1.
    #[method]
    fn toordinal(this: &Obj<Date>) -> i64 {
        this.packed().ordinal()
    }

    /// Return time tuple, compatible with time.localtime().
    #[method]
    fn timetuple(this: &Obj<Date>, vm: &Vm) -> PyResult<Value> {
        format::struct_time(vm, this.day(), -1)
    }

    /// Return date with new specified fields.
    #[method(sig = "year=unchanged, month=unchanged, day=unchanged")]
    fn replace(this: &Obj<Date>, vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        let given: [_; 3] = REPLACE.gather(vm, args.0)?;
        let (own, [year, month, day]) = (this.packed(), given);
        let (year, month) = (c_int_or(vm, year, own.year())?, c_int_or(vm, month, own.month())?);
        let packed = arguments::date(vm, year, month, c_int_or(vm, day, own.day())?)?;
        Date::make_in(vm, vm.class_of(&this.to_value()), packed)
    }

    /// The same as replace().
    #[method(sig = "**changes")]
    fn __replace__(this: &Obj<Date>, vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        Date::replace(this, vm, args)
    }

    /// __reduce__() -> (cls, state)
    #[method]
    fn __reduce__(this: &Obj<Date>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let state = Bytes::new(vm, &arguments::date_bytes(this.packed()))?;
        let arguments = Tuple::new(vm, [state.into()].into_iter())?;
        Tuple::pair(vm, vm.class_of(&this.to_value()).to_value(), arguments.into())
    }
}
