//! Integer arithmetic beyond the immediate fast paths: big operands, division, powers, shifts.
//!
//! Invariant: an operand that is no int makes the answer NotImplemented before anything is computed.

use super::{as_big, as_small, from_big, from_i64, from_i128, wide};
use crate::builtins::tuple::Tuple;
use crate::builtins::{NOT_IMPLEMENTED, float, is_none};
use crate::types::BinaryOp;
use crate::vm::{PyResult, Raised, Vm};
use taipan_heap::{OutOfMemory, Value};
use taipan_numeric::int_float::{self, IntFloatError};
use taipan_numeric::int_ops::{self, IntError};
use taipan_numeric::{BigInt, Int as NumericInt, Sign};

/// Bits of the largest int without a byte limit on the heap: 2 GiB of digits.
const UNLIMITED_BITS: u64 = 1 << 34;

/// The bits that a result may have: no more than the heap's limit has room for.
pub fn max_bits(vm: &Vm) -> u64 {
    vm.heap().limit().map_or(UNLIMITED_BITS, |bytes| (bytes as u64).saturating_mul(8).min(UNLIMITED_BITS))
}

/// The exception of a failed integer operation.
#[cold]
pub fn int_error(vm: &Vm, error: IntError) -> Raised {
    match error {
        IntError::ZeroDivision => vm.zero_division_error(error.to_string()),
        IntError::TooLarge => vm.out_of_memory(OutOfMemory),
        _ => vm.value_error(error.to_string()),
    }
}

/// The exception of a failed conversion between ints and floats.
#[cold]
pub fn int_float_error(vm: &Vm, error: IntFloatError) -> Raised {
    match error {
        IntFloatError::ZeroDivision => vm.zero_division_error(error.to_string()),
        IntFloatError::Nan => vm.value_error(error.to_string()),
        _ => vm.overflow_error(error.to_string()),
    }
}

/// An operation on ints of any size, by machine arithmetic where that will do.
pub fn general(
    vm: &Vm,
    op: BinaryOp,
    left: &Value,
    right: &Value,
    operation: impl FnOnce(&BigInt, &BigInt, u64) -> Result<BigInt, IntError>,
) -> PyResult<Value> {
    if let Some(result) = wide::of_any(vm, op, left, right) {
        return result;
    }
    match wide::with_small(op, left, right, max_bits(vm)) {
        Some(result) => from_big(vm, result),
        None => big(vm, left, right, operation),
    }
}

/// An operation on ints of any size.
fn big(
    vm: &Vm,
    left: &Value,
    right: &Value,
    operation: impl FnOnce(&BigInt, &BigInt, u64) -> Result<BigInt, IntError>,
) -> PyResult<Value> {
    let (Some(a), Some(b)) = (as_big(left), as_big(right)) else { return Ok(NOT_IMPLEMENTED) };
    match operation(&a, &b, max_bits(vm)) {
        Ok(result) => from_big(vm, result),
        Err(error) => Err(int_error(vm, error)),
    }
}

/// The nearest float, or OverflowError.
pub fn to_float(vm: &Vm, value: &Value) -> PyResult<f64> {
    if let Some(small) = as_small(value) {
        return Ok(small as f64);
    }
    if let Some(wide) = wide::as_wide(value) {
        return Ok(wide as f64);
    }
    match as_big(value) {
        Some(big) => int_float::to_float(&big).map_err(|error| int_float_error(vm, error)),
        None => Err(vm.bad_self("__float__", "int", value)),
    }
}

/// `/`
pub fn true_divide(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
    const EXACT: u64 = 1 << 53;
    let quotient = match (as_small(left), as_small(right)) {
        (Some(a), Some(b)) if b != 0 && a.unsigned_abs() <= EXACT && b.unsigned_abs() <= EXACT => {
            Ok(a as f64 / b as f64)
        }
        (Some(a), Some(b)) => int_float::true_divide_small(a, b),
        _ => {
            let (Some(a), Some(b)) = (as_big(left), as_big(right)) else { return Ok(NOT_IMPLEMENTED) };
            int_float::true_divide(&a, &b)
        }
    };
    float::new(vm, quotient.map_err(|error| int_float_error(vm, error))?)
}

/// `divmod()`
pub fn div_mod(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
    if let (Some(a), Some(b)) = (as_small(left), as_small(right))
        && let (Some(quotient), Some(rest)) = (int_ops::floor_div_small(a, b), int_ops::modulo_small(a, b))
    {
        return Ok(Tuple::pair(vm, from_i64(vm, quotient)?, from_i64(vm, rest)?)?.into());
    }
    let (Some(a), Some(b)) = (as_big(left), as_big(right)) else { return Ok(NOT_IMPLEMENTED) };
    let (quotient, rest) = int_ops::div_mod(&a, &b).map_err(|error| int_error(vm, error))?;
    Ok(Tuple::pair(vm, from_big(vm, quotient)?, from_big(vm, rest)?)?.into())
}

/// `**`
pub fn power(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
    if let (Some(base), Some(exponent)) = (as_small(left), as_small(right)) {
        if exponent < 0 {
            return float::power(vm, base as f64, exponent as f64);
        }
        if let Some(result) = int_ops::pow_small(base, exponent as u64) {
            return from_i64(vm, result);
        }
    }
    let (Some(base), Some(exponent)) = (as_big(left), as_big(right)) else { return Ok(NOT_IMPLEMENTED) };
    if exponent.sign() == Sign::Minus {
        return float::power(vm, to_float(vm, left)?, to_float(vm, right)?);
    }
    match int_ops::pow(&base, &exponent, max_bits(vm)) {
        Ok(result) => from_big(vm, result),
        Err(error) => Err(int_error(vm, error)),
    }
}

/// `pow()` with three arguments.
pub fn power_modulo(vm: &Vm, base: &Value, exponent: &Value, modulus: &Value) -> PyResult<Value> {
    if is_none(modulus) {
        return power(vm, base, exponent);
    }
    let (Some(a), Some(b)) = (as_big(base), as_big(exponent)) else { return Ok(NOT_IMPLEMENTED) };
    let Some(m) = as_big(modulus) else { return Ok(NOT_IMPLEMENTED) };
    match int_ops::pow_mod(&a, &b, &m) {
        Ok(result) => from_big(vm, result),
        Err(error) => Err(int_error(vm, error)),
    }
}

/// `<<`
pub fn shift_left(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
    if let (Some(value), Some(count)) = (as_small(left), as_small(right))
        && count >= 0
    {
        if count < 64 {
            return from_i128(vm, i128::from(value) << count);
        }
        return match int_ops::shift_left_small(value, count as u64, max_bits(vm)) {
            Ok(NumericInt::Small(small)) => from_i64(vm, small),
            Ok(NumericInt::Big(big)) => from_big(vm, big),
            Err(error) => Err(int_error(vm, error)),
        };
    }
    if let Some(shifted) = wide::of_any(vm, BinaryOp::LShift, left, right) {
        return shifted;
    }
    let (Some(value), Some(count)) = (as_big(left), as_big(right)) else { return Ok(NOT_IMPLEMENTED) };
    match int_ops::shift_left(&value, &count, max_bits(vm)) {
        Ok(result) => from_big(vm, result),
        Err(IntError::TooLarge) if i64::try_from(count.as_ref()).is_err() => {
            Err(vm.overflow_error("too many digits in integer"))
        }
        Err(error) => Err(int_error(vm, error)),
    }
}
