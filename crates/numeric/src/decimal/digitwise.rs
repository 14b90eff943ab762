//! Operations on digits: logical ones on numbers of zeros and ones, shifts and rotations.
//!
//! Invariant: digits above the precision do not take part, and exponents stay as they are.

use super::round::nan_of_two;
use super::{Coef, Context, Decimal, Status};

/// The digits of a logical operand, the last one first.
fn bits(a: &Decimal, context: &Context) -> Option<Vec<u8>> {
    if !a.is_finite() || a.negative || a.exp != 0 {
        return None;
    }
    let mut digits = Vec::new();
    a.coef.push_digits(&mut digits);
    digits.reverse();
    let logical = digits.iter().all(|&digit| digit <= b'1');
    digits.truncate(usize::try_from(context.prec).unwrap_or(usize::MAX));
    logical.then_some(digits)
}

fn number(mut digits: Vec<u8>) -> Decimal {
    while digits.last() == Some(&b'0') {
        digits.pop();
    }
    digits.reverse();
    Decimal::finite(false, Coef::from_digits(&digits), 0)
}

/// How far to shift or rotate.
fn count(other: &Decimal, context: &Context) -> Option<i64> {
    let count = i64::try_from(other.coef.to_u64()?).ok()?;
    (other.is_finite() && other.exp == 0 && count <= context.prec).then_some(if other.negative {
        -count
    } else {
        count
    })
}

impl Decimal {
    /// An operation on the digits of two numbers.
    pub fn logical(
        &self,
        other: &Decimal,
        operation: fn(u8, u8) -> u8,
        context: &Context,
        status: &mut Status,
    ) -> Decimal {
        let (Some(a), Some(b)) = (bits(self, context), bits(other, context)) else {
            return Decimal::invalid(status, Status::INVALID_OPERATION);
        };
        let digit = |digits: &[u8], i: usize| digits.get(i).map_or(0, |digit| digit & 1);
        let digits = (0..a.len().max(b.len())).map(|i| b'0' + operation(digit(&a, i), digit(&b, i))).collect();
        number(digits)
    }

    /// All digits of the context inverted.
    pub fn logical_invert(&self, context: &Context, status: &mut Status) -> Decimal {
        let Some(mut digits) = bits(self, context) else {
            return Decimal::invalid(status, Status::INVALID_OPERATION);
        };
        if !context.allows(context.prec.saturating_mul(8), status) {
            return Decimal::nan();
        }
        digits.resize(context.prec as usize, b'0');
        for digit in &mut digits {
            *digit ^= 1;
        }
        number(digits)
    }

    /// The digits moved; zeros come in.
    pub fn shift(&self, other: &Decimal, context: &Context, status: &mut Status) -> Decimal {
        if let Some(nan) = nan_of_two(self, other, context, status) {
            return nan;
        }
        let Some(by) = count(other, context) else {
            return Decimal::invalid(status, Status::INVALID_OPERATION);
        };
        if self.is_infinite() {
            return self.clone();
        }
        let mut result = self.clone();
        if by >= 0 {
            // What would be cut off again is not shifted.
            result.coef = result.coef.low_digits(context.prec - by);
            if !result.coef.is_zero() {
                if !context.allows(result.coef.digits() + by, status) {
                    return Decimal::nan();
                }
                result.coef = result.coef.shift_up(by);
            }
        } else {
            result.coef = result.coef.low_digits(context.prec).shift_down(-by).0;
        }
        result
    }

    /// The digits moved; what leaves at one end comes in at the other.
    pub fn rotate(&self, other: &Decimal, context: &Context, status: &mut Status) -> Decimal {
        if let Some(nan) = nan_of_two(self, other, context, status) {
            return nan;
        }
        let Some(by) = count(other, context) else {
            return Decimal::invalid(status, Status::INVALID_OPERATION);
        };
        if self.is_infinite() {
            return self.clone();
        }
        let mut result = self.clone();
        let coef = self.coef.low_digits(context.prec);
        let left = if by >= 0 { by } else { context.prec + by };
        // The upper digits go to the end, the others up.
        let upper = coef.shift_down(context.prec - left).0;
        let lower = coef.low_digits(context.prec - left);
        if !lower.is_zero() && !context.allows(lower.digits() + left, status) {
            return Decimal::nan();
        }
        result.coef = lower.shift_up(left).add(&upper);
        result
    }
}
