//! Comparison with numbers of other types.
//!
//! Invariant: numbers compare by their exact values, whatever the context.

use super::current::current;
use super::object::{PyDecimal, settle};
use super::state::{State, state};
use std::borrow::Cow;
use std::cmp::Ordering;
use taipan_heap::{Obj, Value};
use taipan_numeric::decimal::{Context, Decimal, Kind, Status};
use taipan_objects::builtins::{NOT_IMPLEMENTED, boolean, complex, float, int};
use taipan_objects::types::CompareOp;
use taipan_objects::vm::{PyResult, Vm};

/// `this OP other`
pub fn compare(vm: &Vm, this: &Obj<PyDecimal>, other: &Value, op: CompareOp) -> PyResult<Value> {
    let own = this.number();
    if let Some(other) = other.downcast::<PyDecimal>() {
        return decide(vm, own, other.number(), op);
    }
    if let Some(small) = int::as_small(other) {
        return decide(vm, own, &Decimal::from_i64(small), op);
    }
    if let Some(big) = int::as_big(other) {
        return decide(vm, own, &Decimal::from_big(&big), op);
    }
    let equality = matches!(op, CompareOp::Eq | CompareOp::Ne);
    let real = match complex::get(other) {
        Some(number) if equality => match number.imag == 0.0 {
            true => Some(number.real),
            false => return Ok(NOT_IMPLEMENTED),
        },
        Some(_) => return Ok(NOT_IMPLEMENTED),
        None => float::get(other),
    };
    let state = state(vm)?;
    if let Some(real) = real {
        let context = current(vm, &state)?;
        let condition = Status(Status::FLOAT_OPERATION);
        if equality {
            context.flags.0.set(context.flags.0.get() | condition.0);
        } else {
            settle(vm, &state, &context, condition)?;
        }
        return decide(vm, own, &Decimal::from_f64(real), op);
    }
    if !vm.is_instance_of(other, &state.rational)? {
        return Ok(NOT_IMPLEMENTED);
    }
    // a OP n / d is a * d OP n.
    let part = |name: &str| -> PyResult<Option<Decimal>> {
        let part = vm.get_attr_text(other, name)?;
        match int::as_big(&part) {
            Some(big) => Ok(Some(Decimal::from_big(&big))),
            None => Ok(None),
        }
    };
    let (Some(numerator), Some(denominator)) = (part("numerator")?, part("denominator")?) else {
        return Err(vm.type_error("numerator and denominator of a rational number must be integers"));
    };
    let scaled = scaled(vm, own, &denominator)?;
    decide(vm, &scaled, &numerator, op)
}

fn scaled<'a>(vm: &Vm, number: &'a Decimal, by: &Decimal) -> PyResult<Cow<'a, Decimal>> {
    if !number.is_finite() || number.is_zero() {
        return Ok(Cow::Borrowed(number));
    }
    let mut status = Status::default();
    let mut wide = Context::max();
    if let Some(limit) = vm.heap().limit() {
        wide.room = limit.saturating_sub(vm.heap().bytes_in_use());
    }
    let product = number.mul(by, &wide, &mut status);
    match status.any(Status::MEMORY) {
        true => Err(vm.out_of_memory(taipan_heap::OutOfMemory)),
        false => Ok(Cow::Owned(product)),
    }
}

#[inline]
fn decide(vm: &Vm, a: &Decimal, b: &Decimal, op: CompareOp) -> PyResult<Value> {
    if a.is_nan() || b.is_nan() {
        return unordered(vm, &*state(vm)?, a, b, op);
    }
    let order: Ordering = a.compare_values(b);
    Ok(boolean(op.holds(order)))
}

#[cold]
fn unordered(vm: &Vm, state: &State, a: &Decimal, b: &Decimal, op: CompareOp) -> PyResult<Value> {
    let equality = matches!(op, CompareOp::Eq | CompareOp::Ne);
    if !equality || a.kind == Kind::SNan || b.kind == Kind::SNan {
        let context = current(vm, state)?;
        settle(vm, state, &context, Status(Status::INVALID_OPERATION))?;
    }
    Ok(boolean(op == CompareOp::Ne))
}
