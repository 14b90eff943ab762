//! Arithmetic, order and conversion of moments.
//!
//! Invariant: offsets are asked for only where they matter: of two moments in one and the same zone they never do.

use super::Shared;
use super::date::out_of_range;
use super::delta::TimeDelta;
use super::delta_math;
use super::local;
use super::moment::DateTime;
use super::zone;
use taipan_heap::{Obj, Value};
use taipan_numeric::calendar::{DAY_MICROS, Packed};
use taipan_numeric::hash::{hash_small, hash_tuple};
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::{NOT_IMPLEMENTED, boolean};
use taipan_objects::types::CompareOp;
use taipan_objects::vm::{PyResult, Vm};

/// The zone of a datetime given as any value.
pub fn zone_of(vm: &Vm, this: &Value) -> PyResult<Option<Value>> {
    match this.downcast::<DateTime>() {
        Some(moment) => Ok(moment.zone()),
        None => Err(vm.bad_self("tzinfo", "datetime.datetime", this)),
    }
}

/// The character between date and time that `isoformat` is asked for.
pub fn separator(vm: &Vm, value: &Value) -> PyResult<u32> {
    match value.downcast::<Str>() {
        Some(text) if text.len() == 1 => Ok(text.point(0)),
        Some(text) => {
            let len = text.len();
            let wanted = "isoformat() argument 1 must be a unicode character";
            Err(vm.type_error(format!("{wanted}, not a string of length {len}")))
        }
        None => {
            let given = vm.given_name(value);
            Err(vm.type_error(format!("isoformat() argument 1 must be a unicode character, not {given}")))
        }
    }
}

/// The word so many microseconds later, less than a few thousand years.
#[inline]
pub fn shifted(vm: &Vm, packed: Packed, micros: i64) -> PyResult<Packed> {
    Packed::from_micros(packed.micros() + micros).ok_or_else(|| out_of_range(vm))
}

/// A moment so many microseconds later.
#[inline]
pub fn moved(vm: &Vm, moment: &Obj<DateTime>, micros: i64) -> PyResult<Value> {
    DateTime::like(vm, moment, shifted(vm, moment.packed(), micros)?, moment.zone())
}

fn moved_by(vm: &Vm, moment: &Obj<DateTime>, delta: &Obj<TimeDelta>, back: bool) -> PyResult<Value> {
    const TOO_MANY_DAYS: i64 = 4_000_000;
    if delta.whole_days().abs() > TOO_MANY_DAYS {
        return Err(out_of_range(vm));
    }
    let micros = delta.whole_days() * DAY_MICROS + delta.rest_micros();
    moved(vm, moment, if back { -micros } else { micros })
}

/// `left + right`
pub fn sum(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
    let found = match left.downcast::<DateTime>() {
        Some(moment) => right.downcast::<TimeDelta>().map(|delta| (moment, delta)),
        None => right.downcast::<DateTime>().zip(left.downcast::<TimeDelta>()),
    };
    found.map_or(Ok(NOT_IMPLEMENTED), |(moment, delta)| moved_by(vm, moment, delta, false))
}

fn same_zone(a: &DateTime, b: &DateTime) -> bool {
    match (a.zone(), b.zone()) {
        (None, None) => true,
        (Some(a), Some(b)) => a.is(&b),
        _ => false,
    }
}

/// `left - right`
pub fn subtract(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
    let Some(moment) = left.downcast::<DateTime>() else { return Ok(NOT_IMPLEMENTED) };
    if let Some(delta) = right.downcast::<TimeDelta>() {
        return moved_by(vm, moment, delta, true);
    }
    let Some(other) = right.downcast::<DateTime>() else { return Ok(NOT_IMPLEMENTED) };
    let mut micros = moment.packed().micros() - other.packed().micros();
    if !same_zone(moment, other) {
        match (DateTime::offset(moment, vm)?, DateTime::offset(other, vm)?) {
            (Some(own), Some(theirs)) => micros -= own - theirs,
            (None, None) => {}
            _ => return Err(vm.type_error("can't subtract offset-naive and offset-aware datetimes")),
        }
    }
    Ok(delta_math::between(vm, micros)?.into())
}

/// The offset that the moment would have with the other fold.
fn other_offset(vm: &Vm, moment: &Obj<DateTime>) -> PyResult<Option<i64>> {
    let packed = moment.packed();
    let twin = vm.alloc(&*Shared::of(vm)?.datetime, DateTime::of(packed.with_fold(!packed.fold()), moment.zone()))?;
    DateTime::offset(&twin, vm)
}

/// Whether the offset of a moment depends on the fold: then it is equal to none in another zone.
fn is_ambiguous(vm: &Vm, moment: &Obj<DateTime>, offset: Option<i64>) -> PyResult<bool> {
    match moment.zone() {
        Some(zone) if !zone::is_fixed(&zone) => Ok(other_offset(vm, moment)? != offset),
        _ => Ok(false),
    }
}

/// `this <op> other`
pub fn compare(vm: &Vm, this: &Obj<DateTime>, other: &Value, op: CompareOp) -> PyResult<Value> {
    let Some(other) = other.downcast::<DateTime>() else { return Ok(NOT_IMPLEMENTED) };
    let (own, theirs) = (this.packed().with_fold(false), other.packed().with_fold(false));
    if same_zone(this, other) {
        return Ok(boolean(op.holds(own.cmp(&theirs))));
    }
    let (own_offset, their_offset) = (DateTime::offset(this, vm)?, DateTime::offset(other, vm)?);
    let order = match (own_offset, their_offset) {
        (None, None) => own.cmp(&theirs),
        (Some(a), Some(b)) if a == b => own.cmp(&theirs),
        (Some(a), Some(b)) => (own.micros() - a).cmp(&(theirs.micros() - b)),
        _ => {
            return match op {
                CompareOp::Eq => Ok(boolean(false)),
                CompareOp::Ne => Ok(boolean(true)),
                _ => Err(vm.type_error("can't compare offset-naive and offset-aware datetimes")),
            };
        }
    };
    if matches!(op, CompareOp::Eq | CompareOp::Ne)
        && order.is_eq()
        && (is_ambiguous(vm, this, own_offset)? || is_ambiguous(vm, other, their_offset)?)
    {
        return Ok(boolean(op == CompareOp::Ne));
    }
    Ok(boolean(op.holds(order)))
}

/// `hash(this)`, which the fold does not change.
pub fn hash(vm: &Vm, this: &Obj<DateTime>) -> PyResult<i64> {
    let packed = this.packed();
    let offset = match (this.zone(), packed.fold()) {
        (None, _) => None,
        (Some(_), true) => other_offset(vm, this)?,
        (Some(_), false) => DateTime::offset(this, vm)?,
    };
    let plain = packed.with_fold(false);
    let Some(offset) = offset else {
        return Ok(vm.interp().hash_key.hash_bytes(&plain.bits().to_ne_bytes()));
    };
    let micros = plain.micros() - offset;
    let (days, rest) = (micros.div_euclid(DAY_MICROS), micros.rem_euclid(DAY_MICROS));
    Ok(hash_tuple([days, rest / 1_000_000, rest % 1_000_000].map(hash_small)))
}

/// `this.astimezone(zone)`; without a zone the system's.
pub fn converted(vm: &Vm, this: &Obj<DateTime>, zone: Option<Value>) -> PyResult<Value> {
    let mut own_zone = this.zone();
    if let (Some(own), Some(zone)) = (&own_zone, &zone)
        && own.is(zone)
    {
        return Ok(this.to_value());
    }
    let mut offset = DateTime::offset(this, vm)?;
    if offset.is_none() {
        // Without an offset it is a local time of the system's zone.
        let local = local::zone_of_local(vm, this.packed())?;
        if zone.as_ref().is_some_and(|zone| zone.is(&local)) {
            return Ok(this.to_value());
        }
        offset = this.with_value(|moment| zone::offset_micros(vm, &local, moment))?;
        own_zone = Some(local);
    }
    drop(own_zone);
    let packed = shifted(vm, this.packed(), -offset.unwrap_or(0))?;
    let shared = Shared::of(vm)?;
    let utc = shared.utc.to_value();
    let zone = match zone {
        Some(zone) => zone,
        None => local::zone_at(vm, packed.ordinal() * 86_400 + packed.day_seconds() - local::EPOCH)?,
    };
    let made = DateTime::like(vm, this, packed, Some(utc))?;
    match made.downcast_into::<DateTime>() {
        Ok(moment) => {
            moment.set_zone(Some(zone.clone()));
            zone::from_utc(vm, &zone, moment)
        }
        Err(other) => Ok(other),
    }
}
