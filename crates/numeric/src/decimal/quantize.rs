//! Changing exponents: quantize, rounding to integers, normalising, scaling.
//!
//! Invariant: nothing here loses digits without saying so, except where the operation's name says it.

use super::limbs::Rest;
use super::round::{nan_of, nan_of_two};
use super::{Coef, Context, Decimal, Rounding, Status};

impl Decimal {
    /// The number with the exponent of another.
    pub fn quantize(&self, other: &Decimal, context: &Context, status: &mut Status) -> Decimal {
        if !self.is_finite() || !other.is_finite() {
            if let Some(nan) = nan_of_two(self, other, context, status) {
                return nan;
            }
            if self.is_infinite() && other.is_infinite() {
                return self.clone();
            }
            return Decimal::invalid(status, Status::INVALID_OPERATION);
        }
        self.rescale(other.exp, context, status)
    }

    /// The finite number with this exponent.
    pub fn rescale(&self, exp: i64, context: &Context, status: &mut Status) -> Decimal {
        if exp > context.emax || exp < context.etiny() {
            return Decimal::invalid(status, Status::INVALID_OPERATION);
        }
        let mut result = Decimal::finite(self.negative, Coef::ZERO, exp);
        if self.coef.is_zero() {
            return result.finalize(context, status);
        }
        let up = self.exp - exp;
        if self.coef.digits() + up > context.prec {
            return Decimal::invalid(status, Status::INVALID_OPERATION);
        }
        let mut found = Status::default();
        if up >= 0 {
            if !context.allows(self.coef.digits() + up, status) {
                return Decimal::nan();
            }
            result.coef = self.coef.shift_up(up);
        } else {
            let (coef, rest) = self.coef.shift_down(-up);
            let goes_up = super::round::goes_up(context.rounding, &coef, self.negative, rest);
            result.coef = if goes_up { coef.successor() } else { coef };
            found.set(Status::ROUNDED);
            if rest != Rest::None {
                found.set(Status::INEXACT);
            }
            if result.coef.digits() > context.prec {
                return Decimal::invalid(status, Status::INVALID_OPERATION);
            }
        }
        if !result.coef.is_zero() && result.adjusted() > context.emax {
            return Decimal::invalid(status, Status::INVALID_OPERATION);
        }
        status.set(found.0);
        result.finalize(context, status)
    }

    /// The integer that the number rounds to; with `exact`, lost digits are told of. The precision does not matter.
    pub fn to_integral(&self, rounding: Rounding, exact: bool, context: &Context, status: &mut Status) -> Decimal {
        if let Some(nan) = nan_of(self, context, status) {
            return nan;
        }
        if !self.is_finite() || self.exp >= 0 {
            return self.clone();
        }
        if self.coef.is_zero() {
            return Decimal::zero(self.negative, 0);
        }
        let mut result = self.clone();
        let rest = result.cut(-self.exp, rounding);
        result.exp = 0;
        if exact {
            status.set(Status::ROUNDED);
            if rest != Rest::None {
                status.set(Status::INEXACT);
            }
        }
        result
    }

    /// The number rounded, without zeros at its end.
    pub fn normalize(&self, context: &Context, status: &mut Status) -> Decimal {
        if let Some(nan) = nan_of(self, context, status) {
            return nan;
        }
        let mut result = self.clone().finalize(context, status);
        if !result.is_finite() {
            return result;
        }
        if result.coef.is_zero() {
            return Decimal::zero(result.negative, 0);
        }
        let most = if context.clamp { context.etop() } else { context.emax };
        result.trim_to(most);
        result
    }

    /// The number times a power of ten.
    pub fn scaleb(&self, other: &Decimal, context: &Context, status: &mut Status) -> Decimal {
        if let Some(nan) = nan_of_two(self, other, context, status) {
            return nan;
        }
        let most = 2i64.saturating_mul(context.emax + context.prec).unsigned_abs();
        let by = match other.coef.to_u64() {
            Some(by) if other.is_finite() && other.exp == 0 && by <= most => by as i64,
            _ => return Decimal::invalid(status, Status::INVALID_OPERATION),
        };
        if self.is_infinite() {
            return self.clone();
        }
        let mut result = self.clone();
        let by = if other.negative { -by } else { by };
        result.exp = result.exp.saturating_add(by).clamp(-4_000_000_000_000_000_000, 4_000_000_000_000_000_000);
        result.finalize(context, status)
    }

    /// The exponent of the first digit, as a number.
    pub fn logb(&self, context: &Context, status: &mut Status) -> Decimal {
        if let Some(nan) = nan_of(self, context, status) {
            return nan;
        }
        if self.is_infinite() {
            return Decimal::infinity(false);
        }
        if self.coef.is_zero() {
            status.set(Status::DIVISION_BY_ZERO);
            return Decimal::infinity(true);
        }
        Decimal::from_i64(self.adjusted()).finalize(context, status)
    }
}
