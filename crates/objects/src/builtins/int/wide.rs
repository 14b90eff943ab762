//! Ints on the heap: those that fit 128 bits as machine numbers, larger ones as big integers; and arithmetic on the former.
//!
//! Invariant: a number that fits 128 bits is `Wide`, whatever it was computed by.

use super::{Int, as_small, from_i128};
use crate::types::BinaryOp;
use crate::vm::{PyResult, Vm};
use std::borrow::Cow;
use taipan_heap::{Charge, Value};
use taipan_numeric::BigInt;

/// Numbers of more bits count towards the heap's limit.
const CHARGED_BITS: u64 = 8 * 512;

/// The number of an int on the heap.
pub(super) enum Number {
    /// Its halves: a machine integer of that width would make the object larger.
    Wide(u64, i64),
    Big(BigInt),
    Charged(Box<Large>),
}
taipan_heap::no_references!(Number);

/// A number of so many digits that these count towards the heap's limit.
pub(super) struct Large {
    value: BigInt,
    #[allow(dead_code, reason = "held for its drop")]
    charge: Charge,
}

impl Number {
    #[inline]
    pub(super) fn of_wide(value: i128) -> Number {
        Number::Wide(value as u64, (value >> 64) as i64)
    }

    pub(super) fn of_big(vm: &Vm, value: BigInt) -> PyResult<Number> {
        let bits = value.bits();
        if bits < 128
            && let Ok(wide) = i128::try_from(&value)
        {
            return Ok(Number::of_wide(wide));
        }
        if bits <= CHARGED_BITS {
            return Ok(Number::Big(value));
        }
        let charge = Charge::new(vm.heap(), (bits / 8) as usize).map_err(|error| vm.out_of_memory(error))?;
        Ok(Number::Charged(Box::new(Large { value, charge })))
    }

    #[inline]
    pub(super) fn wide(&self) -> Option<i128> {
        match self {
            Number::Wide(low, high) => Some(i128::from(*high) << 64 | i128::from(*low)),
            _ => None,
        }
    }

    /// The number, if it is larger than that.
    fn large(&self) -> Option<&BigInt> {
        match self {
            Number::Wide(..) => None,
            Number::Big(value) => Some(value),
            Number::Charged(large) => Some(&large.value),
        }
    }

    pub(super) fn big(&self) -> Cow<'_, BigInt> {
        match self.large() {
            Some(large) => Cow::Borrowed(large),
            None => Cow::Owned(self.wide().unwrap_or(0).into()),
        }
    }
}

/// The number in any int that fits 128 bits.
#[inline]
pub(super) fn as_wide(value: &Value) -> Option<i128> {
    match as_small(value) {
        Some(small) => Some(small.into()),
        None => value.downcast::<Int>()?.number.wide(),
    }
}

/// The number in an exact int that fits 128 bits.
#[inline]
fn exactly_wide(value: &Value) -> Option<i128> {
    match value.as_int() {
        Some(small) => Some(small.into()),
        None => value.downcast_exact::<Int>()?.number.wide(),
    }
}

/// `left op right` of two exact ints, if they and the result fit 128 bits.
#[inline]
pub fn quick(vm: &Vm, op: BinaryOp, left: &Value, right: &Value) -> Option<PyResult<Value>> {
    let (left, right) = (exactly_wide(left)?, exactly_wide(right)?);
    compute(op, left, right).map(|result| from_i128(vm, result))
}

/// The same of ints of any class.
pub(super) fn of_any(vm: &Vm, op: BinaryOp, left: &Value, right: &Value) -> Option<PyResult<Value>> {
    let (left, right) = (as_wide(left)?, as_wide(right)?);
    compute(op, left, right).map(|result| from_i128(vm, result))
}

/// `left op right` where one is larger and the other a small int, of which no big integer need be made.
pub(super) fn with_small(op: BinaryOp, left: &Value, right: &Value, max_bits: u64) -> Option<BigInt> {
    let product = |large: &BigInt, small: i64| (large.bits() + 64 <= max_bits).then(|| large * small);
    if let Some(small) = as_small(right) {
        let large = large(left)?;
        return match op {
            BinaryOp::Add => Some(large + small),
            BinaryOp::Sub => Some(large - small),
            BinaryOp::Mul => product(large, small),
            _ => None,
        };
    }
    let (small, large) = (as_small(left)?, large(right)?);
    match op {
        BinaryOp::Add => Some(large + small),
        BinaryOp::Sub => Some(small - large),
        BinaryOp::Mul => product(large, small),
        _ => None,
    }
}

fn large(value: &Value) -> Option<&BigInt> {
    value.downcast::<Int>()?.number.large()
}

fn compute(op: BinaryOp, a: i128, b: i128) -> Option<i128> {
    match op {
        BinaryOp::Add => a.checked_add(b),
        BinaryOp::Sub => a.checked_sub(b),
        BinaryOp::Mul => multiply(a, b),
        BinaryOp::And => Some(a & b),
        BinaryOp::Or => Some(a | b),
        BinaryOp::Xor => Some(a ^ b),
        BinaryOp::FloorDiv => divide(a, b).map(|(quotient, _)| quotient),
        BinaryOp::Mod => divide(a, b).map(|(_, rest)| rest),
        BinaryOp::RShift if b >= 0 => Some(a >> b.min(127)),
        BinaryOp::LShift if (0..127).contains(&b) => Some(a << b).filter(|shifted| shifted >> b == a),
        _ => None,
    }
}

/// A product of machine words is one instruction; others are checked.
fn multiply(a: i128, b: i128) -> Option<i128> {
    match (i64::try_from(a), i64::try_from(b)) {
        (Ok(a), Ok(b)) => Some(i128::from(a) * i128::from(b)),
        _ => a.checked_mul(b),
    }
}

/// Quotient and remainder of a division that floors; `None` by zero, or when the quotient does not fit.
fn divide(a: i128, b: i128) -> Option<(i128, i128)> {
    let (a_short, b_short) = (u64::try_from(a), u64::try_from(b));
    if let (Ok(a), Ok(b)) = (a_short, b_short) {
        return Some((a.checked_div(b)?.into(), (a % b).into()));
    }
    let quotient = a.checked_div(b)?;
    let rest = a - quotient * b;
    Some(if rest != 0 && (rest < 0) != (b < 0) { (quotient - 1, rest + b) } else { (quotient, rest) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use taipan_numeric::int_ops;

    const NUMBERS: [i128; 15] = [
        0,
        1,
        -1,
        3,
        -7,
        1 << 61,
        -(1 << 61) - 1,
        u64::MAX as i128,
        u64::MAX as i128 + 1,
        -(u64::MAX as i128),
        10_i128.pow(20),
        -(10_i128.pow(30)),
        i128::MAX,
        i128::MIN,
        i128::MIN + 1,
    ];

    #[test]
    fn results_are_those_of_big_integers() {
        for a in NUMBERS {
            for b in NUMBERS {
                let (big_a, big_b) = (BigInt::from(a), BigInt::from(b));
                let expected = [
                    (BinaryOp::Add, Some(&big_a + &big_b)),
                    (BinaryOp::Sub, Some(&big_a - &big_b)),
                    (BinaryOp::Mul, Some(&big_a * &big_b)),
                    (BinaryOp::And, Some(int_ops::and(&big_a, &big_b))),
                    (BinaryOp::Or, Some(int_ops::or(&big_a, &big_b))),
                    (BinaryOp::Xor, Some(int_ops::xor(&big_a, &big_b))),
                    (BinaryOp::FloorDiv, int_ops::floor_div(&big_a, &big_b).ok()),
                    (BinaryOp::Mod, int_ops::modulo(&big_a, &big_b).ok()),
                    (BinaryOp::RShift, int_ops::shift_right(&big_a, &big_b).ok()),
                ];
                for (op, expected) in expected {
                    let fitting = expected.and_then(|result| i128::try_from(&result).ok());
                    // A remainder beside a quotient that does not fit is left to the general way.
                    if op == BinaryOp::Mod && (a, b) == (i128::MIN, -1) {
                        assert_eq!(compute(op, a, b), None);
                    } else {
                        assert_eq!(compute(op, a, b), fitting, "{a} {op:?} {b}");
                    }
                }
            }
            for count in [0, 1, 63, 64, 126] {
                let shifted = i128::try_from(&(BigInt::from(a) << count)).ok();
                assert_eq!(compute(BinaryOp::LShift, a, count), shifted, "{a} << {count}");
            }
        }
    }

    #[test]
    fn halves_make_the_number_again() {
        for number in NUMBERS {
            assert_eq!(Number::of_wide(number).wide(), Some(number));
            assert_eq!(Number::of_wide(number).big().into_owned(), BigInt::from(number));
        }
    }
}
