//! Arithmetic and comparison of ints with floats, and of floats where the loop has no way of its own.
//!
//! Invariant: an answer is what the operands' slots would give; whatever might raise or does not fit is left to them.

use crate::eval::quick::float_power;
use taipan_heap::Value;
use taipan_numeric::float_ops;
use taipan_objects::types::{BinaryOp, CompareOp};

/// The number as a float, if it is a float or an int that is one exactly.
#[inline]
fn number(value: &Value) -> Option<f64> {
    value.as_float().or_else(|| value.as_int().filter(|n| n.unsigned_abs() < 1 << 53).map(|n| n as f64))
}

/// `left op right` of two immediate numbers.
#[inline]
pub(in crate::eval) fn quick_arithmetic(op: BinaryOp, left: &Value, right: &Value) -> Option<Value> {
    if left.is_int() && right.is_int() && op != BinaryOp::TrueDiv {
        return if op == BinaryOp::Pow { int_power(left.as_int()?, right.as_int()?) } else { None };
    }
    let (x, y) = (number(left)?, number(right)?);
    match op {
        BinaryOp::Add => Value::try_float(x + y),
        BinaryOp::Sub => Value::try_float(x - y),
        BinaryOp::Mul => Value::try_float(x * y),
        BinaryOp::TrueDiv if y != 0.0 => Value::try_float(x / y),
        BinaryOp::FloorDiv if y != 0.0 => Value::try_float(float_ops::floor_div(x, y)),
        BinaryOp::Mod if y != 0.0 => Value::try_float(float_ops::modulo(x, y)),
        BinaryOp::Pow => float_power(x, y),
        _ => None,
    }
}

fn int_power(base: i64, exponent: i64) -> Option<Value> {
    let exponent = u32::try_from(exponent).ok()?;
    base.checked_pow(exponent).and_then(Value::try_int)
}

/// The comparison of two immediate numbers.
#[inline]
pub(in crate::eval) fn quick_order(op: CompareOp, left: &Value, right: &Value) -> Option<bool> {
    let (x, y) = (number(left)?, number(right)?);
    Some(x.partial_cmp(&y).map_or(op == CompareOp::Ne, |ordering| op.holds(ordering)))
}
