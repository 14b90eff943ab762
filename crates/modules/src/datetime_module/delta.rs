//! `timedelta`: a span of days, seconds and microseconds.
//!
//! Invariant: seconds are 0 to 86399, microseconds 0 to 999999, and the magnitude of the days has at most nine digits.

use super::Shared;
use super::arguments::Params;
use super::delta_math::{self, Sum};
use taipan_heap::{Obj, Payload, Ref, Value};
use taipan_macros::pytype;
use taipan_numeric::calendar::{DAY_MICROS, DAY_SECONDS, SECOND_MICROS};
use taipan_numeric::hash::hash_tuple;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{NOT_IMPLEMENTED, float, int};
use taipan_objects::native::{Args, IntoValue};
use taipan_objects::types::{BinaryOp, CompareOp, Type};
use taipan_objects::vm::{PyResult, Raised, Vm};

const MOST_DAYS: i64 = 999_999_999;

/// `timedelta`
#[derive(Payload)]
#[payload(name = "datetime.timedelta")]
pub struct TimeDelta {
    days: i32,
    seconds: i32,
    micros: i32,
}

impl TimeDelta {
    /// Of parts within their ranges.
    pub fn of_parts(days: i32, seconds: i32, micros: i32) -> TimeDelta {
        TimeDelta { days, seconds, micros }
    }

    /// The days, which may be negative.
    #[inline]
    pub fn whole_days(&self) -> i64 {
        i64::from(self.days)
    }

    /// Microseconds beyond the days.
    #[inline]
    pub fn rest_micros(&self) -> i64 {
        i64::from(self.seconds) * SECOND_MICROS + i64::from(self.micros)
    }

    /// All in microseconds.
    #[inline]
    pub fn total_micros(&self) -> i128 {
        i128::from(self.days) * i128::from(DAY_MICROS) + i128::from(self.rest_micros())
    }

    /// All in microseconds, if it is shorter than a day either way.
    #[inline]
    pub fn as_offset(&self) -> Option<i64> {
        let total = if matches!(self.days, -1 | 0) { self.whole_days() * DAY_MICROS + self.rest_micros() } else { 0 };
        (matches!(self.days, -1 | 0) && total != -DAY_MICROS).then_some(total)
    }

    /// A plain timedelta of so many microseconds, which have been asked for as an int: what does not fit is told as such.
    pub fn from_micros(vm: &Vm, micros: i128) -> PyResult<Ref<TimeDelta>> {
        TimeDelta::from_micros_in(vm, &Shared::of(vm)?.delta, micros)
    }

    pub(super) fn from_micros_in(vm: &Vm, class: &Obj<Type>, micros: i128) -> PyResult<Ref<TimeDelta>> {
        let days = micros.div_euclid(i128::from(DAY_MICROS));
        let rest = micros.rem_euclid(i128::from(DAY_MICROS)) as i64;
        match i64::try_from(days) {
            Ok(days) if i32::try_from(days).is_ok() => TimeDelta::new_in(vm, class, days, rest),
            _ => Err(too_large(vm)),
        }
    }

    /// A plain timedelta.
    pub fn make(vm: &Vm, days: i64, rest_micros: i64) -> PyResult<Ref<TimeDelta>> {
        TimeDelta::new_in(vm, &Shared::of(vm)?.delta, days, rest_micros)
    }

    /// An instance of `class` of days and microseconds, which may be more than a day's or negative.
    #[inline]
    pub fn new_in(vm: &Vm, class: &Obj<Type>, days: i64, rest_micros: i64) -> PyResult<Ref<TimeDelta>> {
        let days = days + rest_micros.div_euclid(DAY_MICROS);
        let rest = rest_micros.rem_euclid(DAY_MICROS);
        if !(-MOST_DAYS..=MOST_DAYS).contains(&days) {
            return Err(out_of_range(vm, days));
        }
        let (seconds, micros) = ((rest / SECOND_MICROS) as i32, (rest % SECOND_MICROS) as i32);
        vm.alloc_instance(class, TimeDelta { days: days as i32, seconds, micros })
    }

    /// The plain class, in the cheapest way.
    fn plain_class(vm: &Vm, this: &Obj<TimeDelta>) -> PyResult<Ref<Type>> {
        match this.class::<Type>() {
            Some(class) if this.header().kind().has(taipan_heap::flags::EXACT) => Ok(class.to_ref()),
            _ => Ok(Shared::of(vm)?.delta.clone()),
        }
    }
}

#[cold]
pub(super) fn too_large(vm: &Vm) -> Raised {
    vm.overflow_error("Python int too large to convert to C int")
}

#[cold]
fn out_of_range(vm: &Vm, days: i64) -> Raised {
    vm.overflow_error(format!("days={days}; must have magnitude <= {MOST_DAYS}"))
}

static NEW: Params = Params {
    name: Some("__new__"),
    names: &["days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks"],
    required: 0,
    positional: 7,
};

/// What a unit of each argument of `NEW` has in microseconds, the smallest first.
const UNITS: [(usize, i64); 7] = [
    (2, 1),
    (3, 1_000),
    (1, SECOND_MICROS),
    (4, 60 * SECOND_MICROS),
    (5, 3600 * SECOND_MICROS),
    (0, DAY_MICROS),
    (6, 7 * DAY_MICROS),
];

fn both<'a>(left: &'a Value, right: &'a Value) -> Option<(&'a Obj<TimeDelta>, &'a Obj<TimeDelta>)> {
    Some((left.downcast()?, right.downcast()?))
}

/// A timedelta and the number it is multiplied with.
fn with_number<'a>(left: &'a Value, right: &'a Value) -> Option<(&'a Obj<TimeDelta>, &'a Value)> {
    left.downcast().map(|delta| (delta, right)).or_else(|| right.downcast().map(|delta| (delta, left)))
}

/// Difference between two datetime values.
///
/// timedelta(days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0)
///
/// All arguments are optional and default to 0.
/// Arguments may be integers or floats, and may be positive or negative.
#[pytype(name = "timedelta", module = "datetime", flags = BASETYPE | NO_WEAK)]
impl TimeDelta {
    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let mut given: [Option<&Value>; 7] = [None; 7];
        NEW.read(vm, args, |index, value| {
            given[index] = Some(value);
            Ok(())
        })?;
        let mut sum = Sum::default();
        for (index, unit) in UNITS {
            if let Some(value) = given[index] {
                sum.add(vm, value, unit, NEW.names[index])?;
            }
        }
        let made = match sum.finish() {
            Some(micros) => TimeDelta::from_micros_in(vm, class, micros)?,
            None => return Err(too_large(vm)),
        };
        Ok(made.into())
    }

    #[slot(repr)]
    fn show(this: &Obj<TimeDelta>, vm: &Vm) -> PyResult<Value> {
        let name = vm.class_of(&this.to_value()).tp_name();
        let parts = [("days", this.days), ("seconds", this.seconds), ("microseconds", this.micros)];
        let shown: Vec<String> =
            parts.iter().filter(|(_, part)| *part != 0).map(|(name, part)| format!("{name}={part}")).collect();
        let shown = if shown.is_empty() { "0".to_owned() } else { shown.join(", ") };
        format!("{name}({shown})").into_value(vm)
    }

    #[slot(str)]
    fn text(this: &Obj<TimeDelta>, vm: &Vm) -> PyResult<Value> {
        use std::fmt::Write;
        let mut text = String::new();
        if this.days != 0 {
            let plural = if this.days.abs() == 1 { "" } else { "s" };
            let _ = write!(text, "{} day{plural}, ", this.days);
        }
        let (hours, minutes, seconds) = (this.seconds / 3600, this.seconds / 60 % 60, this.seconds % 60);
        let _ = write!(text, "{hours}:{minutes:02}:{seconds:02}");
        if this.micros != 0 {
            let _ = write!(text, ".{:06}", this.micros);
        }
        text.into_value(vm)
    }

    #[slot]
    fn hash(this: &Obj<TimeDelta>) -> PyResult<i64> {
        let parts = [this.days, this.seconds, this.micros];
        Ok(hash_tuple(parts.map(|part| taipan_numeric::hash::hash_small(i64::from(part)))))
    }

    #[slot]
    fn compare(this: &Obj<TimeDelta>, other: &Value, op: CompareOp) -> PyResult<Value> {
        let Some(other) = other.downcast::<TimeDelta>() else { return Ok(NOT_IMPLEMENTED) };
        let order = (this.days, this.seconds, this.micros).cmp(&(other.days, other.seconds, other.micros));
        Ok(taipan_objects::builtins::boolean(op.holds(order)))
    }

    #[slot]
    fn bool(this: &Obj<TimeDelta>) -> PyResult<bool> {
        Ok((this.days, this.seconds, this.micros) != (0, 0, 0))
    }

    #[slot]
    fn neg(this: &Obj<TimeDelta>, vm: &Vm) -> PyResult<Value> {
        let class = TimeDelta::plain_class(vm, this)?;
        Ok(TimeDelta::new_in(vm, &class, -this.whole_days(), -this.rest_micros())?.into())
    }

    #[slot]
    fn pos(this: &Obj<TimeDelta>, vm: &Vm) -> PyResult<Value> {
        let class = TimeDelta::plain_class(vm, this)?;
        Ok(TimeDelta::new_in(vm, &class, this.whole_days(), this.rest_micros())?.into())
    }

    #[slot]
    fn abs(this: &Obj<TimeDelta>, vm: &Vm) -> PyResult<Value> {
        if this.days < 0 { TimeDelta::neg(this, vm) } else { TimeDelta::pos(this, vm) }
    }

    #[slot(binary(Add))]
    fn add(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        let Some((a, b)) = both(left, right) else { return Ok(NOT_IMPLEMENTED) };
        let class = TimeDelta::plain_class(vm, a)?;
        let rest = a.rest_micros() + b.rest_micros();
        Ok(TimeDelta::new_in(vm, &class, a.whole_days() + b.whole_days(), rest)?.into())
    }

    #[slot(binary(Sub))]
    fn subtract(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        let Some((a, b)) = both(left, right) else { return Ok(NOT_IMPLEMENTED) };
        let class = TimeDelta::plain_class(vm, a)?;
        let rest = a.rest_micros() - b.rest_micros();
        Ok(TimeDelta::new_in(vm, &class, a.whole_days() - b.whole_days(), rest)?.into())
    }

    #[slot(binary(Mul))]
    fn multiply(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        let Some((delta, number)) = with_number(left, right) else { return Ok(NOT_IMPLEMENTED) };
        if int::is_int(number) {
            return delta_math::times_int(vm, delta, number);
        }
        match float::get(number) {
            Some(_) => delta_math::by_ratio(vm, delta, number, false),
            None => Ok(NOT_IMPLEMENTED),
        }
    }

    #[slot(binary(TrueDiv))]
    fn divide(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        let Some(delta) = left.downcast::<TimeDelta>() else { return Ok(NOT_IMPLEMENTED) };
        if let Some(other) = right.downcast::<TimeDelta>() {
            return delta_math::quotient(vm, delta, other);
        }
        if int::is_int(right) {
            return delta_math::divided_by_int(vm, delta, right, true);
        }
        match float::get(right) {
            Some(_) => delta_math::by_ratio(vm, delta, right, true),
            None => Ok(NOT_IMPLEMENTED),
        }
    }

    #[slot(binary(FloorDiv))]
    fn floor_divide(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        let Some(delta) = left.downcast::<TimeDelta>() else { return Ok(NOT_IMPLEMENTED) };
        if let Some(other) = right.downcast::<TimeDelta>() {
            return delta_math::floor(vm, delta, other)?.0.into_value(vm);
        }
        if int::is_int(right) { delta_math::divided_by_int(vm, delta, right, false) } else { Ok(NOT_IMPLEMENTED) }
    }

    #[slot(binary(Mod))]
    fn modulo(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        let Some((a, b)) = both(left, right) else { return Ok(NOT_IMPLEMENTED) };
        let (_, rest) = delta_math::floor(vm, a, b)?;
        Ok(TimeDelta::from_micros(vm, rest)?.into())
    }

    #[slot(binary(DivMod))]
    fn divide_modulo(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        let Some((a, b)) = both(left, right) else { return Ok(NOT_IMPLEMENTED) };
        let (quotient, rest) = delta_math::floor(vm, a, b)?;
        let rest = TimeDelta::from_micros(vm, rest)?;
        Ok(Tuple::pair(vm, quotient.into_value(vm)?, rest.into())?.into())
    }

    /// Number of days.
    #[getter(member)]
    fn days(this: &Obj<TimeDelta>) -> i32 {
        this.days
    }

    /// Number of seconds (>= 0 and less than 1 day).
    #[getter(member)]
    fn seconds(this: &Obj<TimeDelta>) -> i32 {
        this.seconds
    }

    /// Number of microseconds (>= 0 and less than 1 second).
    #[getter(member)]
    fn microseconds(this: &Obj<TimeDelta>) -> i32 {
        this.micros
    }

    /// Total seconds in the duration.
    #[method]
    pub fn total_seconds(this: &Obj<TimeDelta>, vm: &Vm) -> PyResult<Value> {
        // Whole seconds and microseconds of less than 2**53 are exact as floats, so the division rounds once.
        let micros = this.total_micros();
        if micros.unsigned_abs() < 1 << 53 {
            return float::new(vm, micros as f64 / 1e6);
        }
        vm.binary(BinaryOp::TrueDiv, &micros.into_value(vm)?, &SECOND_MICROS.into_value(vm)?)
    }

    /// __reduce__() -> (cls, state)
    #[method]
    fn __reduce__(this: &Obj<TimeDelta>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let parts = [this.days, this.seconds, this.micros].map(Value::small_int);
        let state = Tuple::new(vm, parts.into_iter())?;
        Tuple::pair(vm, vm.class_of(&this.to_value()).to_value(), state.into())
    }
}

const _: () = assert!(DAY_SECONDS == 86_400);
