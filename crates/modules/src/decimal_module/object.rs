//! `Decimal`'s payload, operands, and results.
//!
//! Invariant: a number in an object never changes, and large coefficients count towards the heap's limit.

use super::context::PyContext;
use super::current::current;
use super::state::{State, state};
use std::borrow::Cow;
use taipan_heap::{Charge, Obj, OutOfMemory, Payload, Ref, Value};
use taipan_numeric::decimal::{Coef, Context, Decimal, Status};
use taipan_objects::builtins::{NOT_IMPLEMENTED, int, is_none};
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Vm};

/// A decimal number.
#[derive(Payload)]
#[payload(name = "decimal.Decimal")]
pub struct PyDecimal {
    number: Number,
    #[allow(dead_code, reason = "held for its drop")]
    charge: Option<Box<Charge>>,
}

struct Number(Decimal);
taipan_heap::no_references!(Number);

/// Coefficients of more bytes count towards the heap's limit.
const CHARGED: usize = 512;

/// An operation on one number.
pub type Unary = fn(&Decimal, &Context, &mut Status) -> Decimal;
/// An operation on two numbers.
pub type Binary = fn(&Decimal, &Decimal, &Context, &mut Status) -> Decimal;

impl PyDecimal {
    /// The number.
    #[inline]
    pub fn number(&self) -> &Decimal {
        &self.number.0
    }

    fn charged(vm: &Vm, mut number: Decimal) -> PyResult<PyDecimal> {
        let charge = match &number.coef {
            Coef::Small(_) => None,
            Coef::Big(_) => {
                number.coef.shrink();
                let bytes = number.coef.heap_bytes();
                if bytes > CHARGED { Some(Box::new(vm.charge(bytes)?)) } else { None }
            }
        };
        Ok(PyDecimal { number: Number(number), charge })
    }
}

/// A Decimal.
#[inline]
pub fn make(vm: &Vm, state: &State, number: Decimal) -> PyResult<Value> {
    Ok(vm.alloc(&*state.decimal, PyDecimal::charged(vm, number)?)?.into())
}

/// A Decimal, or an instance of a subclass.
pub fn make_of(vm: &Vm, class: &Obj<Type>, number: Decimal) -> PyResult<Value> {
    Ok(vm.alloc_instance(class, PyDecimal::charged(vm, number)?)?.into())
}

/// The same number as an exact Decimal.
pub fn exact(vm: &Vm, state: &State, value: &Value) -> PyResult<Value> {
    match value.downcast::<PyDecimal>() {
        Some(decimal) if !vm.class_of(value).is_same(&*state.decimal) => make(vm, state, decimal.number().clone()),
        _ => Ok(value.clone()),
    }
}

/// The number that an operand stands for: a Decimal's or an int's.
#[inline]
pub fn operand(value: &Value) -> Option<Cow<'_, Decimal>> {
    if let Some(decimal) = value.downcast::<PyDecimal>() {
        return Some(Cow::Borrowed(decimal.number()));
    }
    if let Some(small) = int::as_small(value) {
        return Some(Cow::Owned(Decimal::from_i64(small)));
    }
    int::as_big(value).map(|big| Cow::Owned(Decimal::from_big(&big)))
}

/// As `operand`; TypeError for anything else.
#[inline]
pub fn required<'a>(vm: &Vm, value: &'a Value) -> PyResult<Cow<'a, Decimal>> {
    operand(value).ok_or_else(|| {
        let given = vm.type_name(value);
        vm.type_error(format!("conversion from {given} to Decimal is not supported"))
    })
}

/// The context that an argument names, the current one if it is absent or None.
#[inline]
pub fn context_or_current(vm: &Vm, state: &State, context: Option<&Value>) -> PyResult<Ref<PyContext>> {
    match context {
        None => current(vm, state),
        Some(value) if is_none(value) => current(vm, state),
        Some(value) => match value.downcast::<PyContext>() {
            Some(context) => Ok(context.to_ref()),
            None => Err(vm.type_error("optional argument must be a context")),
        },
    }
}

/// Puts conditions into a context; raises the exception of those that it traps.
#[inline]
pub fn settle(vm: &Vm, state: &State, context: &PyContext, status: Status) -> PyResult<()> {
    if status.0 == 0 { Ok(()) } else { settle_some(vm, state, context, status) }
}

fn settle_some(vm: &Vm, state: &State, context: &PyContext, status: Status) -> PyResult<()> {
    if status.any(Status::MEMORY) {
        return Err(vm.out_of_memory(OutOfMemory));
    }
    context.flags.0.set(context.flags.0.get() | status.0);
    let trapped = status.0 & context.traps.0.get();
    if trapped == 0 { Ok(()) } else { Err(state.signals.raise(vm, trapped)) }
}

/// The result of an operation in a context.
#[inline]
pub fn finish(vm: &Vm, state: &State, context: &PyContext, number: Decimal, status: Status) -> PyResult<Value> {
    settle(vm, state, context, status)?;
    make(vm, state, number)
}

/// A binary operator.
#[inline]
pub fn operator(vm: &Vm, left: &Value, right: &Value, operation: Binary) -> PyResult<Value> {
    let (Some(a), Some(b)) = (operand(left), operand(right)) else { return Ok(NOT_IMPLEMENTED) };
    let state = state(vm)?;
    let context = current(vm, &state)?;
    let mut status = Status::default();
    let result = operation(&a, &b, &context.arithmetic(vm), &mut status);
    finish(vm, &state, &context, result, status)
}

/// A method of one number, with an optional context.
pub fn unary(vm: &Vm, this: &Obj<PyDecimal>, context: Option<&Value>, operation: Unary) -> PyResult<Value> {
    let state = state(vm)?;
    let context = context_or_current(vm, &state, context)?;
    let mut status = Status::default();
    let result = operation(this.number(), &context.arithmetic(vm), &mut status);
    finish(vm, &state, &context, result, status)
}

/// A method of two numbers, with an optional context.
pub fn binary(
    vm: &Vm,
    this: &Obj<PyDecimal>,
    other: &Value,
    context: Option<&Value>,
    operation: Binary,
) -> PyResult<Value> {
    let state = state(vm)?;
    let context = context_or_current(vm, &state, context)?;
    let other = required(vm, other)?;
    let mut status = Status::default();
    let result = operation(this.number(), &other, &context.arithmetic(vm), &mut status);
    finish(vm, &state, &context, result, status)
}

/// A context's method of one number.
pub fn context_unary(vm: &Vm, context: &Obj<PyContext>, x: &Value, operation: Unary) -> PyResult<Value> {
    let state = state(vm)?;
    let x = required(vm, x)?;
    let mut status = Status::default();
    let result = operation(&x, &context.arithmetic(vm), &mut status);
    finish(vm, &state, context, result, status)
}

/// A context's method of two numbers.
pub fn context_binary(vm: &Vm, context: &Obj<PyContext>, x: &Value, y: &Value, operation: Binary) -> PyResult<Value> {
    let state = state(vm)?;
    let (x, y) = (required(vm, x)?, required(vm, y)?);
    let mut status = Status::default();
    let result = operation(&x, &y, &context.arithmetic(vm), &mut status);
    finish(vm, &state, context, result, status)
}

/// The name `order` has as a number: -1, 0 or 1.
fn ordering(order: std::cmp::Ordering) -> Decimal {
    Decimal::from_i64(order as i64)
}

/// `compare_total` as an operation.
pub fn compare_total(a: &Decimal, b: &Decimal, _: &Context, _: &mut Status) -> Decimal {
    ordering(a.compare_total(b))
}

/// `compare_total_mag` as an operation.
pub fn compare_total_magnitude(a: &Decimal, b: &Decimal, _: &Context, _: &mut Status) -> Decimal {
    ordering(a.compare_total_magnitude(b))
}

/// `copy_sign` as an operation.
pub fn copy_sign(a: &Decimal, b: &Decimal, _: &Context, _: &mut Status) -> Decimal {
    a.clone().with_sign(b.negative)
}

/// `logical_and` as an operation.
pub fn logical_and(a: &Decimal, b: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    a.logical(b, |x, y| x & y, context, status)
}

/// `logical_or` as an operation.
pub fn logical_or(a: &Decimal, b: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    a.logical(b, |x, y| x | y, context, status)
}

/// `logical_xor` as an operation.
pub fn logical_xor(a: &Decimal, b: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    a.logical(b, |x, y| x ^ y, context, status)
}

/// `to_integral_exact` in the context's rounding.
pub fn to_integral_exact(a: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    a.to_integral(context.rounding, true, context, status)
}

/// `to_integral_value` in the context's rounding.
pub fn to_integral_value(a: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    a.to_integral(context.rounding, false, context, status)
}
