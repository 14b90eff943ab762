//! Decimal numbers as integers, ratios, floats and tuples, and rounding to digits.
//!
//! Invariant: what has no value of the other kind raises ValueError (NaN) or OverflowError (infinity).

use super::current::current;
use super::object::{PyDecimal, finish};
use super::state::{State, state};
use taipan_heap::{Obj, OutOfMemory, Value};
use taipan_numeric::decimal::{Coef, Context, Decimal, Kind, Rounding, Status};
use taipan_numeric::parse_float;
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{complex, float, int};
use taipan_objects::vm::{PyResult, Raised, Vm};

/// The error of a number that is not finite.
#[cold]
fn not_finite(vm: &Vm, number: &Decimal, what: &str) -> Raised {
    match number.is_nan() {
        true => vm.value_error(format!("cannot convert NaN to {what}")),
        false => vm.overflow_error(format!("cannot convert Infinity to {what}")),
    }
}

/// Refuses numbers with more digits than an int may have.
fn check_digits(vm: &Vm, digits: i64) -> PyResult<()> {
    let bits = digits.max(0).unsigned_abs().saturating_mul(4);
    if bits > int::max_bits(vm) {
        return Err(vm.out_of_memory(OutOfMemory));
    }
    vm.check_room((bits / 8) as usize)
}

/// The integer that a number rounds to.
pub fn to_int(vm: &Vm, number: &Decimal, rounding: Rounding) -> PyResult<Value> {
    if !number.is_finite() {
        return Err(not_finite(vm, number, "integer"));
    }
    let mut status = Status::default();
    let whole = number.to_integral(rounding, false, &Context::max(), &mut status);
    if let Some(small) = whole.to_small() {
        return int::from_i64(vm, small);
    }
    check_digits(vm, whole.adjusted() + 1)?;
    match whole.to_big(i64::MAX) {
        Some(big) => int::from_big(vm, big),
        None => Err(vm.out_of_memory(OutOfMemory)),
    }
}

fn as_f64(vm: &Vm, number: &Decimal) -> PyResult<f64> {
    let sign = if number.negative { -1.0 } else { 1.0 };
    match number.kind {
        Kind::SNan => Err(vm.value_error("cannot convert signaling NaN to float")),
        Kind::Nan => Ok(f64::NAN.copysign(sign)),
        Kind::Infinity => Ok(f64::INFINITY * sign),
        Kind::Finite => Ok(parse_float(number.to_text(true).as_bytes()).unwrap_or(f64::NAN)),
    }
}

/// The nearest float.
pub fn to_float(vm: &Vm, number: &Decimal) -> PyResult<Value> {
    float::new(vm, as_f64(vm, number)?)
}

/// The nearest complex number.
pub fn to_complex(vm: &Vm, number: &Decimal) -> PyResult<Value> {
    complex::new(vm, as_f64(vm, number)?, 0.0)
}

/// `round(number)` and `round(number, ndigits)`.
pub fn round(vm: &Vm, this: &Obj<PyDecimal>, ndigits: Option<&Value>) -> PyResult<Value> {
    let Some(digits) = ndigits else { return to_int(vm, this.number(), Rounding::HalfEven) };
    if !int::is_int(digits) {
        return Err(vm.type_error("optional arg must be an integer"));
    }
    let Some(digits) = int::index_i64(vm, digits)? else {
        return Err(vm.overflow_error("Python int too large to convert to C ssize_t"));
    };
    let state = state(vm)?;
    let context = current(vm, &state)?;
    let pattern = Decimal::finite(false, Coef::ONE, digits.saturating_neg());
    let mut status = Status::default();
    let result = this.number().quantize(&pattern, &context.arithmetic(vm), &mut status);
    finish(vm, &state, &context, result, status)
}

/// `DecimalTuple(sign, digits, exponent)`
pub fn as_tuple(vm: &Vm, state: &State, number: &Decimal) -> PyResult<Value> {
    let mut text = Vec::new();
    let named = |name: &str| Ok(Str::new(vm, name)?.into());
    let exponent: Value = match number.kind {
        Kind::Finite => int::from_i64(vm, number.exp)?,
        Kind::Infinity => named("F")?,
        Kind::Nan => named("n")?,
        Kind::SNan => named("N")?,
    };
    if !number.is_nan() || !number.coef.is_zero() {
        vm.check_room((number.coef.digits() as usize).saturating_mul(9))?;
        number.coef.push_digits(&mut text);
    }
    let digits = Tuple::new(vm, text.iter().map(|digit| Value::small_int(i32::from(digit - b'0'))))?;
    vm.call(&state.tuple, &[Value::small_int(number.negative.into()), digits.into(), exponent])
}

/// The pair of integers in lowest terms.
pub fn as_integer_ratio(vm: &Vm, number: &Decimal) -> PyResult<Value> {
    if !number.is_finite() {
        return Err(not_finite(vm, number, "integer ratio"));
    }
    check_digits(vm, number.exp.unsigned_abs().min(i64::MAX as u64 / 4) as i64)?;
    check_digits(vm, number.coef.digits())?;
    if number.coef.is_zero() {
        return Ok(Tuple::pair(vm, Value::small_int(0), Value::small_int(1))?.into());
    }
    let whole = |coef: Coef| Decimal::finite(number.negative, coef, 0).to_big(i64::MAX);
    let power = |n: i64| Decimal::finite(false, Coef::ONE.shift_up(n), 0).to_big(i64::MAX);
    let (numerator, denominator) = match number.exp >= 0 {
        true => (whole(number.coef.shift_up(number.exp)), power(0)),
        false => (whole(number.coef.clone()), power(-number.exp)),
    };
    let (Some(numerator), Some(denominator)) = (numerator, denominator) else {
        return Err(vm.out_of_memory(OutOfMemory));
    };
    let common = taipan_numeric::int_math::gcd(&numerator, &denominator);
    let numerator = int::from_big(vm, numerator / &common)?;
    Ok(Tuple::pair(vm, numerator, int::from_big(vm, denominator / common)?)?.into())
}
