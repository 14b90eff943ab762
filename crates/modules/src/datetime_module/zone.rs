//! `tzinfo` and `timezone`, and what a zone says of a moment, checked.
//!
//! Invariant: the offset of a `timezone` is shorter than a day either way.

use super::Shared;
use super::arguments::Params;
use super::delta::TimeDelta;
use super::moment::DateTime;
use super::moment_math;
use taipan_heap::{Obj, Payload, Ref, Value};
use taipan_macros::pytype;
use taipan_numeric::iso_time::ShortText;
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{NONE, NOT_IMPLEMENTED, boolean, is_none};
use taipan_objects::native::{Args, IntoValue};
use taipan_objects::types::{CompareOp, Type};
use taipan_objects::vm::{PyResult, Raised, Vm};

/// `tzinfo`
#[derive(Payload)]
#[payload(name = "datetime.tzinfo")]
pub struct TzInfo {}

/// `timezone`
#[derive(Payload)]
#[repr(C)]
#[payload(name = "datetime.timezone", base = TzInfo)]
pub struct Timezone {
    base: TzInfo,
    offset: Ref<TimeDelta>,
    name: Option<Value>,
}

impl Timezone {
    /// A zone with an offset that is short enough.
    pub fn new_fixed(offset: Ref<TimeDelta>, name: Option<Value>) -> Timezone {
        Timezone { base: TzInfo {}, offset, name }
    }

    fn micros(&self) -> i64 {
        self.offset.as_offset().unwrap_or(0)
    }

    /// The zone that many microseconds east of UTC.
    pub fn of_micros(vm: &Vm, micros: i64) -> PyResult<Value> {
        let shared = Shared::of(vm)?;
        if micros == 0 {
            return Ok(shared.utc.to_value());
        }
        Timezone::of_offset(vm, TimeDelta::new_in(vm, &shared.delta, 0, micros)?, None)
    }

    /// A zone with this offset.
    pub fn of_offset(vm: &Vm, offset: Ref<TimeDelta>, name: Option<Value>) -> PyResult<Value> {
        let shared = Shared::of(vm)?;
        match offset.as_offset() {
            Some(0) if name.is_none() => Ok(shared.utc.to_value()),
            Some(_) => Ok(vm.alloc(&*shared.timezone, Timezone::new_fixed(offset, name))?.into()),
            None => Err(bad_offset(vm, &offset)),
        }
    }

    fn display(&self, vm: &Vm) -> PyResult<Value> {
        if let Some(name) = &self.name {
            return Ok(name.clone());
        }
        let mut text = ShortText::default();
        text.text("UTC");
        if self.micros() != 0 {
            text.offset(self.micros(), ":");
        }
        Ok(Str::from_latin1(vm, text.bytes())?.into())
    }
}

#[cold]
fn bad_offset(vm: &Vm, offset: &Obj<TimeDelta>) -> Raised {
    let shown = match vm.repr(&offset.to_value()) {
        Ok(shown) => shown,
        Err(raised) => return raised,
    };
    let bounds = "strictly between -timedelta(hours=24) and timedelta(hours=24)";
    vm.value_error(format!("offset must be a timedelta {bounds}, not {}.", shown.to_lossy()).trim_end_matches('.'))
}

/// What the zone's method `name` says of a moment: a span shorter than a day, or nothing.
fn span(vm: &Vm, zone: &Value, name: &Obj<Str>, moment: &Value) -> PyResult<Option<Ref<TimeDelta>>> {
    let answer = vm.call_method(zone, name, std::slice::from_ref(moment))?;
    if is_none(&answer) {
        return Ok(None);
    }
    match answer.downcast_into::<TimeDelta>() {
        Ok(offset) if offset.as_offset().is_some() => Ok(Some(offset)),
        Ok(offset) => Err(bad_offset(vm, &offset)),
        Err(other) => {
            let given = vm.type_name(&other);
            Err(vm.type_error(format!(
                "tzinfo.{name}() must return None or timedelta, not '{given}'",
                name = name.to_lossy()
            )))
        }
    }
}

/// `utcoffset()` of a moment in a zone.
pub fn utcoffset(vm: &Vm, zone: &Value, moment: &Value) -> PyResult<Option<Ref<TimeDelta>>> {
    match zone.downcast::<Timezone>() {
        Some(fixed) => Ok(Some(fixed.offset.clone())),
        None => span(vm, zone, &Shared::of(vm)?.utcoffset, moment),
    }
}

/// As `utcoffset`, in microseconds.
#[inline]
pub fn offset_micros(vm: &Vm, zone: &Value, moment: &Value) -> PyResult<Option<i64>> {
    match zone.downcast::<Timezone>() {
        Some(fixed) => Ok(Some(fixed.micros())),
        None => Ok(utcoffset(vm, zone, moment)?.and_then(|offset| offset.as_offset())),
    }
}

/// Whether the zone's offsets are known not to depend on the moment.
pub fn is_fixed(zone: &Value) -> bool {
    zone.downcast::<Timezone>().is_some()
}

/// `dst()` of a moment in a zone.
pub fn dst(vm: &Vm, zone: &Value, moment: &Value) -> PyResult<Option<Ref<TimeDelta>>> {
    if is_fixed(zone) {
        return Ok(None);
    }
    span(vm, zone, &Shared::of(vm)?.dst, moment)
}

/// `tzname()` of a moment in a zone: a str or None.
pub fn tzname(vm: &Vm, zone: &Value, moment: &Value) -> PyResult<Value> {
    if let Some(fixed) = zone.downcast::<Timezone>() {
        return fixed.display(vm);
    }
    let name = vm.call_method(zone, &Shared::of(vm)?.tzname, std::slice::from_ref(moment))?;
    if is_none(&name) || name.downcast::<Str>().is_some() {
        return Ok(name);
    }
    let given = vm.type_name(&name);
    Err(vm.type_error(format!("tzinfo.tzname() must return None or a string, not '{given}'")))
}

/// `fromutc()` of a zone.
pub fn from_utc(vm: &Vm, zone: &Value, moment: Ref<DateTime>) -> PyResult<Value> {
    if let Some(fixed) = zone.downcast::<Timezone>() {
        return Timezone::fromutc(fixed, vm, &moment.into());
    }
    vm.call_method(zone, &Shared::of(vm)?.fromutc, &[moment.into()])
}

/// The moment in the argument of `fromutc`, which is in this very zone.
fn own_moment<'a>(vm: &Vm, zone: &Value, moment: &'a Value) -> PyResult<&'a Obj<DateTime>> {
    let Some(moment) = moment.downcast::<DateTime>() else {
        return Err(vm.type_error("fromutc: argument must be a datetime"));
    };
    if moment.zone().is_some_and(|own| own.is(zone)) {
        return Ok(moment);
    }
    Err(vm.value_error("fromutc: dt.tzinfo is not self"))
}

#[cold]
fn to_implement(vm: &Vm, method: &str) -> Raised {
    vm.not_implemented_error(format!("a tzinfo subclass must implement {method}()"))
}

/// Abstract base class for time zone info objects.
#[pytype(name = "tzinfo", module = "datetime", flags = BASETYPE | NO_WEAK)]
impl TzInfo {
    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let _ = args;
        Ok(vm.alloc_instance(class, TzInfo {})?.into())
    }

    /// datetime -> string name of time zone.
    #[method(name = "tzname", sig = "object, /")]
    fn name_of(_this: &Obj<TzInfo>, vm: &Vm, _object: &Value) -> PyResult<Value> {
        Err(to_implement(vm, "tzname"))
    }

    /// datetime -> timedelta showing offset from UTC, negative values indicating West of UTC
    #[method(name = "utcoffset", sig = "object, /")]
    fn offset_of(_this: &Obj<TzInfo>, vm: &Vm, _object: &Value) -> PyResult<Value> {
        Err(to_implement(vm, "utcoffset"))
    }

    /// datetime -> DST offset as timedelta positive east of UTC.
    #[method(name = "dst", sig = "object, /")]
    fn dst_of(_this: &Obj<TzInfo>, vm: &Vm, _object: &Value) -> PyResult<Value> {
        Err(to_implement(vm, "dst"))
    }

    /// datetime in UTC -> datetime in local time.
    #[method(sig = "object, /")]
    fn fromutc(this: &Value, vm: &Vm, object: &Value) -> PyResult<Value> {
        let moment = own_moment(vm, this, object)?;
        let required = |what: &str| vm.value_error(format!("fromutc: non-None {what}() result required"));
        let Some(offset) = offset_micros(vm, this, object)? else { return Err(required("utcoffset")) };
        let Some(saved) = dst(vm, this, object)? else { return Err(required("dst")) };
        let standard = offset - saved.as_offset().unwrap_or(0);
        let local = moment_math::moved(vm, moment, standard)?;
        let Some(shift) = dst(vm, this, &local)? else {
            return Err(vm.value_error("fromutc: tz.dst() gave inconsistent results; cannot convert"));
        };
        match (shift.as_offset().unwrap_or(0), local.downcast::<DateTime>()) {
            (0, _) | (_, None) => Ok(local),
            (shift, Some(local)) => moment_math::moved(vm, local, shift),
        }
    }

    /// -> (cls, state)
    #[method]
    fn __reduce__(this: &Value, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let arguments = match vm.find_attr(this, &*vm.intern("__getinitargs__")?)? {
            Some(method) => vm.call(&method, &[])?,
            None => Tuple::new(vm, std::iter::empty())?.into(),
        };
        let state = vm.call_method(this, &*vm.intern("__getstate__")?, &[])?;
        Tuple::new(vm, [vm.class_of(this).to_value(), arguments, state].into_iter())
    }
}

static NEW: Params = Params { name: Some("timezone"), names: &["offset", "name"], required: 1, positional: 2 };

fn checked_argument(vm: &Vm, method: &str, moment: &Value) -> PyResult<()> {
    if is_none(moment) || moment.downcast::<DateTime>().is_some() {
        return Ok(());
    }
    let given = vm.type_name(moment);
    Err(vm.type_error(format!("{method}(dt) argument must be a datetime instance or None, not {given}")))
}

/// Fixed offset from UTC implementation of tzinfo.
#[pytype(name = "timezone", module = "datetime", flags = NO_WEAK)]
impl Timezone {
    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let _ = class;
        let (mut offset, mut name) = (None, None);
        NEW.read(vm, args, |index, value| {
            let wanted = ["datetime.timedelta", "str"][index];
            match index {
                0 => offset = value.downcast::<TimeDelta>(),
                _ => name = value.downcast::<Str>(),
            }
            if index == 0 && offset.is_none() || index == 1 && name.is_none() {
                let given = vm.given_name(value);
                return Err(vm.type_error(format!("timezone() argument {} must be {wanted}, not {given}", index + 1)));
            }
            Ok(())
        })?;
        match offset {
            Some(offset) => Timezone::of_offset(vm, offset.to_ref(), name.map(Obj::to_value)),
            None => Err(vm.type_error("timezone() argument 1 must be datetime.timedelta")),
        }
    }

    #[slot(repr)]
    fn show(this: &Obj<Timezone>, vm: &Vm) -> PyResult<Value> {
        let class = vm.class_of(&this.to_value()).tp_name();
        if Shared::of(vm)?.utc.is_same(this) {
            return format!("{class}.utc").into_value(vm);
        }
        let offset = vm.repr(&this.offset.to_value())?;
        match &this.name {
            Some(name) => {
                let name = vm.repr(name)?;
                let mut text = taipan_objects::builtins::str::StrBuilder::new();
                text.push_str(&class);
                text.push_str("(");
                text.push(&offset);
                text.push_str(", ");
                text.push(&name);
                text.push_str(")");
                Ok(text.finish(vm)?.into())
            }
            None => format!("{class}({})", offset.to_lossy()).into_value(vm),
        }
    }

    #[slot(str)]
    fn text(this: &Obj<Timezone>, vm: &Vm) -> PyResult<Value> {
        this.display(vm)
    }

    #[slot]
    fn compare(this: &Obj<Timezone>, other: &Value, op: CompareOp) -> PyResult<Value> {
        let Some(other) = other.downcast::<Timezone>() else { return Ok(NOT_IMPLEMENTED) };
        match op {
            CompareOp::Eq => Ok(boolean(this.micros() == other.micros())),
            CompareOp::Ne => Ok(boolean(this.micros() != other.micros())),
            _ => Ok(NOT_IMPLEMENTED),
        }
    }

    #[slot]
    fn hash(this: &Obj<Timezone>, vm: &Vm) -> PyResult<i64> {
        vm.hash(&this.offset.to_value())
    }

    /// If name is specified when timezone is created, returns the name.  Otherwise returns offset as 'UTC(+|-)HH:MM'.
    #[method(sig = "object, /")]
    fn tzname(this: &Obj<Timezone>, vm: &Vm, object: &Value) -> PyResult<Value> {
        checked_argument(vm, "tzname", object)?;
        this.display(vm)
    }

    /// Return fixed offset.
    #[method(sig = "object, /")]
    fn utcoffset(this: &Obj<Timezone>, vm: &Vm, object: &Value) -> PyResult<Ref<TimeDelta>> {
        checked_argument(vm, "utcoffset", object)?;
        Ok(this.offset.clone())
    }

    /// Return None.
    #[method(sig = "object, /")]
    fn dst(_this: &Obj<Timezone>, vm: &Vm, object: &Value) -> PyResult<Value> {
        checked_argument(vm, "dst", object)?;
        Ok(NONE)
    }

    /// datetime in UTC -> datetime in local time.
    #[method(sig = "object, /")]
    fn fromutc(this: &Obj<Timezone>, vm: &Vm, object: &Value) -> PyResult<Value> {
        let moment = this.with_value(|zone| own_moment(vm, zone, object))?;
        moment_math::moved(vm, moment, this.micros())
    }

    /// pickle support
    #[method]
    fn __getinitargs__(this: &Obj<Timezone>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let items = std::iter::once(this.offset.to_value()).chain(this.name.clone());
        Tuple::from_values(vm, items.collect())
    }
}
