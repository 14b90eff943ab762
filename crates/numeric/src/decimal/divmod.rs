//! Division, integer division and remainders.
//!
//! Invariant: an inexact quotient keeps a last digit that is neither 0 nor 5, so that it rounds as the exact one would.

use super::round::nan_of_two;
use super::{Coef, Context, Decimal, Status};
use std::cmp::Ordering;

impl Decimal {
    /// `self / other`
    pub fn div(&self, other: &Decimal, context: &Context, status: &mut Status) -> Decimal {
        let negative = self.negative != other.negative;
        if !self.is_finite() || !other.is_finite() {
            if let Some(nan) = nan_of_two(self, other, context, status) {
                return nan;
            }
            return match (self.is_infinite(), other.is_infinite()) {
                (true, true) => Decimal::invalid(status, Status::INVALID_OPERATION),
                (true, false) => Decimal::infinity(negative),
                _ => {
                    status.set(Status::CLAMPED);
                    Decimal::zero(negative, context.etiny())
                }
            };
        }
        if other.coef.is_zero() {
            return by_zero(self, negative, status);
        }
        let ideal = self.exp - other.exp;
        if self.coef.is_zero() {
            return Decimal::zero(negative, ideal).finalize(context, status);
        }
        // What often comes out even.
        if let (Some(a), Some(b)) = (self.coef.to_u64(), other.coef.to_u64())
            && a % b == 0
        {
            return Decimal::finite(negative, (a / b).into(), ideal).finalize(context, status);
        }
        let shift = other.coef.digits() - self.coef.digits() + context.prec + 1;
        if !context.allows(self.coef.digits().max(other.coef.digits()) + shift.abs(), status) {
            return Decimal::nan();
        }
        let (quotient, rest) = if shift >= 0 {
            self.coef.shift_up(shift).div_rem(&other.coef)
        } else {
            self.coef.div_rem(&other.coef.shift_up(-shift))
        };
        let mut result = Decimal::finite(negative, quotient, ideal - shift);
        if rest.is_zero() {
            result.trim_to(ideal);
        } else if matches!(result.coef.last_digit(), 0 | 5) {
            result.coef = result.coef.successor();
        }
        result.finalize(context, status)
    }

    /// Takes zeros off the end until the exponent is `ideal`.
    pub(crate) fn trim_to(&mut self, ideal: i64) {
        if self.exp < ideal {
            let zeros = self.coef.trailing_zeros().min(ideal - self.exp);
            if zeros > 0 {
                self.coef = self.coef.shift_down(zeros).0;
                self.exp += zeros;
            }
        }
    }

    /// The integer quotient and the remainder of two numbers, the divisor not zero; the remainder keeps the dividend's sign.
    fn divided(&self, other: &Decimal, context: &Context, status: &mut Status) -> Option<(Decimal, Decimal)> {
        let negative = self.negative != other.negative;
        let ideal = self.exp.min(other.exp);
        if self.coef.is_zero() || compare_magnitude(self, other) == Ordering::Less {
            // The remainder is the dividend, on the smaller exponent.
            let mut rest = self.clone();
            let shift = self.exp - ideal;
            if shift > 0 {
                if !self.coef.is_zero() && !context.allows(self.coef.digits() + shift, status) {
                    return None;
                }
                rest.coef = self.coef.shift_up(shift);
                rest.exp = ideal;
            }
            return Some((Decimal::zero(negative, 0), rest));
        }
        // More digits than the context has are out of the question.
        if self.adjusted() - other.adjusted() > context.prec {
            status.set(Status::DIVISION_IMPOSSIBLE);
            return None;
        }
        let shift = (self.exp - ideal).max(other.exp - ideal);
        if !context.allows(self.coef.digits().max(other.coef.digits()) + shift, status) {
            return None;
        }
        let a = self.coef.shift_up(self.exp - ideal);
        let b = other.coef.shift_up(other.exp - ideal);
        let (quotient, rest) = a.div_rem(&b);
        if quotient.digits() > context.prec {
            status.set(Status::DIVISION_IMPOSSIBLE);
            return None;
        }
        Some((Decimal::finite(negative, quotient, 0), Decimal::finite(self.negative, rest, ideal)))
    }

    /// `self // other`, truncated.
    pub fn div_int(&self, other: &Decimal, context: &Context, status: &mut Status) -> Decimal {
        if let Some(nan) = nan_of_two(self, other, context, status) {
            return nan;
        }
        let negative = self.negative != other.negative;
        if self.is_infinite() {
            return match other.is_infinite() {
                true => Decimal::invalid(status, Status::INVALID_OPERATION),
                false => Decimal::infinity(negative),
            };
        }
        if other.is_infinite() {
            return Decimal::zero(negative, 0);
        }
        if other.coef.is_zero() {
            return by_zero(self, negative, status);
        }
        match self.divided(other, context, status) {
            Some((quotient, _)) => quotient.finalize(context, status),
            None => Decimal::nan(),
        }
    }

    /// `self % other`, with the sign of `self`.
    pub fn rem(&self, other: &Decimal, context: &Context, status: &mut Status) -> Decimal {
        if let Some(nan) = nan_of_two(self, other, context, status) {
            return nan;
        }
        if self.is_infinite() {
            return Decimal::invalid(status, Status::INVALID_OPERATION);
        }
        if other.is_infinite() {
            return self.clone().finalize(context, status);
        }
        if other.coef.is_zero() {
            let reason = if self.coef.is_zero() { Status::DIVISION_UNDEFINED } else { Status::INVALID_OPERATION };
            return Decimal::invalid(status, reason);
        }
        match self.divided(other, context, status) {
            Some((_, rest)) => rest.finalize(context, status),
            None => Decimal::nan(),
        }
    }

    /// `divmod(self, other)`
    pub fn div_mod(&self, other: &Decimal, context: &Context, status: &mut Status) -> (Decimal, Decimal) {
        if let Some(nan) = nan_of_two(self, other, context, status) {
            return (nan.clone(), nan);
        }
        let negative = self.negative != other.negative;
        if self.is_infinite() {
            let quotient = match other.is_infinite() {
                true => Decimal::nan(),
                false => Decimal::infinity(negative),
            };
            return (quotient, Decimal::invalid(status, Status::INVALID_OPERATION));
        }
        if other.is_infinite() {
            let rest = self.clone().finalize(context, status);
            return (Decimal::zero(negative, 0), rest);
        }
        if other.coef.is_zero() {
            if self.coef.is_zero() {
                return (Decimal::nan(), Decimal::invalid(status, Status::DIVISION_UNDEFINED));
            }
            status.set(Status::DIVISION_BY_ZERO);
            return (Decimal::infinity(negative), Decimal::invalid(status, Status::INVALID_OPERATION));
        }
        match self.divided(other, context, status) {
            Some((quotient, rest)) => {
                let quotient = quotient.finalize(context, status);
                (quotient, rest.finalize(context, status))
            }
            None => (Decimal::nan(), Decimal::nan()),
        }
    }

    /// The remainder of the division whose quotient is rounded to the nearest even integer.
    pub fn rem_near(&self, other: &Decimal, context: &Context, status: &mut Status) -> Decimal {
        if let Some(nan) = nan_of_two(self, other, context, status) {
            return nan;
        }
        if self.is_infinite() {
            return Decimal::invalid(status, Status::INVALID_OPERATION);
        }
        if other.is_infinite() {
            return self.clone().finalize(context, status);
        }
        if other.coef.is_zero() {
            let reason = if self.coef.is_zero() { Status::DIVISION_UNDEFINED } else { Status::INVALID_OPERATION };
            return Decimal::invalid(status, reason);
        }
        let Some((quotient, mut rest)) = self.divided(other, context, status) else { return Decimal::nan() };
        // Where twice the remainder is more than the divisor, or as much and the quotient odd, the next multiple is nearer.
        let twice = Decimal::finite(false, rest.coef.add(&rest.coef), rest.exp);
        let order = compare_magnitude(&twice, other);
        if order == Ordering::Greater || order == Ordering::Equal && quotient.coef.is_odd() {
            if quotient.coef.successor().digits() > context.prec {
                return Decimal::invalid(status, Status::DIVISION_IMPOSSIBLE);
            }
            let ideal = rest.exp.min(other.exp);
            let shift = (rest.exp - ideal).max(other.exp - ideal);
            if !context.allows(other.coef.digits() + shift, status) {
                return Decimal::nan();
            }
            let divisor = other.coef.shift_up(other.exp - ideal);
            let left = rest.coef.shift_up(rest.exp - ideal);
            rest = Decimal::finite(!self.negative, divisor.sub(&left), ideal);
        }
        rest.finalize(context, status)
    }
}

#[cold]
fn by_zero(a: &Decimal, negative: bool, status: &mut Status) -> Decimal {
    if a.coef.is_zero() {
        return Decimal::invalid(status, Status::DIVISION_UNDEFINED);
    }
    status.set(Status::DIVISION_BY_ZERO);
    Decimal::infinity(negative)
}

/// Compares the magnitudes of two finite numbers.
pub(crate) fn compare_magnitude(a: &Decimal, b: &Decimal) -> Ordering {
    match (a.coef.is_zero(), b.coef.is_zero()) {
        (true, true) => return Ordering::Equal,
        (true, false) => return Ordering::Less,
        (false, true) => return Ordering::Greater,
        _ => {}
    }
    if a.exp == b.exp {
        return a.coef.cmp(&b.coef);
    }
    a.adjusted().cmp(&b.adjusted()).then_with(|| {
        // As many digits before the point: the difference of the exponents is that of the digits.
        let shift = a.exp - b.exp;
        let (high, low) = if shift > 0 { (&a.coef, &b.coef) } else { (&b.coef, &a.coef) };
        let order = compare_shifted(high, shift.abs(), low);
        if shift > 0 { order } else { order.reverse() }
    })
}

/// Compares `high * 10**shift` with `low`, which has as many digits.
fn compare_shifted(high: &Coef, shift: i64, low: &Coef) -> Ordering {
    high.shift_up(shift).cmp(low)
}
