//! Powers, and powers modulo a number.
//!
//! Invariant: integer powers are products with more digits than the context's, other powers go through logarithm and exponential; both are rounded
//! to the context at the end.

use super::exponential::next_to_one;
use super::round::{nan_of, nan_of_two};
use super::{Coef, Context, Decimal, Rounding, Status};
use num_bigint::BigUint;
use num_traits::Zero;

impl Decimal {
    /// `self ** exponent`
    pub fn power(&self, exponent: &Decimal, context: &Context, status: &mut Status) -> Decimal {
        if let Some(nan) = nan_of_two(self, exponent, context, status) {
            return nan;
        }
        let negative = self.negative && exponent.is_odd_integer();
        let infinity = |negative| Decimal::infinity(negative);
        if self.is_zero() {
            return match (exponent.is_zero(), exponent.negative) {
                (true, _) => Decimal::invalid(status, Status::INVALID_OPERATION),
                (_, true) => infinity(negative),
                _ => Decimal::zero(negative, 0),
            };
        }
        if self.negative && !exponent.is_integer() {
            return Decimal::invalid(status, Status::INVALID_OPERATION);
        }
        if exponent.is_infinite() {
            let order = self.compare_values(&Decimal::from_i64(1));
            if order.is_eq() {
                return padded_one(context, false, status);
            }
            return if order.is_lt() == exponent.negative { infinity(negative) } else { Decimal::zero(negative, 0) };
        }
        if self.is_infinite() {
            return match (exponent.is_zero(), exponent.negative) {
                (true, _) => Decimal::from_i64(1),
                (_, true) => Decimal::zero(negative, 0),
                _ => infinity(negative),
            };
        }
        if exponent.is_zero() {
            return Decimal::from_i64(1);
        }
        let integral = exponent.is_integer();
        if self.clone().with_sign(false).is_one() {
            return self.power_of_one(exponent, integral, negative, context, status);
        }
        if let Some(beyond) = self.power_beyond(exponent, negative, context, status) {
            return beyond;
        }
        if integral {
            self.integer_power(exponent, negative, context, status)
        } else {
            self.real_power(exponent, context, status)
        }
    }

    fn power_of_one(
        &self,
        exponent: &Decimal,
        integral: bool,
        negative: bool,
        context: &Context,
        status: &mut Status,
    ) -> Decimal {
        if !integral {
            return padded_one(context, negative, status);
        }
        if exponent.negative || self.exp == 0 {
            return Decimal::finite(negative, Coef::ONE, 0);
        }
        // As many zeros as an exact product would have.
        let most = context.prec - 1;
        let zeros = exponent.to_small().and_then(|n| n.checked_mul(-self.exp)).filter(|&zeros| zeros <= most);
        if zeros.is_none() {
            status.set(Status::ROUNDED);
        }
        let zeros = zeros.unwrap_or(most);
        if !context.allows(zeros, status) {
            return Decimal::nan();
        }
        Decimal::finite(negative, Coef::ONE.shift_up(zeros), -zeros)
    }

    /// The result if it is far too large or far too small.
    fn power_beyond(
        &self,
        exponent: &Decimal,
        negative: bool,
        context: &Context,
        status: &mut Status,
    ) -> Option<Decimal> {
        // The digits of the result's exponent are at least those of the exponent times the base's logarithm.
        let (size, grows) = match self.adjusted() {
            adjusted if adjusted > 0 => (exponent_digits(adjusted) - 1, true),
            adjusted if adjusted < -1 => (exponent_digits(adjusted + 1) - 1, false),
            adjusted => {
                let one = Coef::ONE.shift_up(-self.exp);
                let difference = if adjusted == 0 { self.coef.sub(&one) } else { one.sub(&self.coef) };
                let first = Decimal::finite(false, difference, self.exp).adjusted();
                (first - if adjusted == 0 { 2 } else { 1 }, adjusted == 0)
            }
        };
        let overflows = grows != exponent.negative;
        let limit = exponent_digits(if overflows { context.emax } else { context.etiny() });
        if limit >= size + exponent.adjusted() {
            return None;
        }
        let exp = if overflows { 2 * super::MAX_EMAX } else { context.etiny() - 2 };
        Some(Decimal::finite(negative, Coef::ONE, exp).finalize(context, status))
    }

    fn integer_power(&self, exponent: &Decimal, negative: bool, context: &Context, status: &mut Status) -> Decimal {
        let Some(count) = exponent.to_big(1_000_000) else {
            status.set(Status::MEMORY);
            return Decimal::nan();
        };
        let mut work = Context { rounding: Rounding::HalfEven, clamp: false, ..*context };
        work.prec = work.prec.saturating_add(exponent.coef.digits() + exponent.exp + 2).min(super::MAX_PREC);
        let mut base = self.clone().with_sign(false);
        if exponent.negative {
            work.prec = (work.prec + 1).min(super::MAX_PREC);
            base = Decimal::from_i64(1).div(&base, &work, status);
        }
        let mut result = base.clone();
        let count = count.magnitude();
        for bit in (0..count.bits().saturating_sub(1)).rev() {
            result = result.mul(&result, &work, status);
            if count.bit(bit) {
                result = result.mul(&base, &work, status);
            }
            if !result.is_finite() || result.coef.is_zero() && status.any(Status::CLAMPED) {
                break;
            }
        }
        if status.any(Status::MEMORY) {
            return Decimal::nan();
        }
        if result.is_infinite() {
            // Rounded as the context wants.
            result = Decimal::finite(negative, Coef::ONE, 2 * super::MAX_EMAX);
        }
        result.with_sign(negative).finalize(context, status)
    }

    fn real_power(&self, exponent: &Decimal, context: &Context, status: &mut Status) -> Decimal {
        let mut work = Context { rounding: Rounding::HalfEven, clamp: false, ..*context };
        work.prec = self.coef.digits().max(context.prec).saturating_add(4 + 19).min(super::MAX_PREC);
        let mut ignored = Status::default();
        let wide = Context { emax: super::MAX_EMAX, emin: super::MIN_EMIN, ..work };
        let product = self.ln(&wide, &mut ignored).mul(exponent, &wide, &mut ignored);
        status.set(ignored.0 & Status::MEMORY);
        let mut found = Status::default();
        let mut result = product.exp(&work, &mut found);
        if found.any(Status::MEMORY) {
            return Decimal::invalid(status, Status::MEMORY);
        }
        if !result.is_zero() {
            status.set(found.0);
        }
        if result.is_finite() && result.is_one() {
            result = padded_one(context, false, status);
        }
        status.set(Status::INEXACT | Status::ROUNDED);
        if result.is_infinite() {
            // Rounded as the context wants.
            result = Decimal::finite(false, Coef::ONE, 2 * super::MAX_EMAX);
        } else if result.is_zero() {
            result = Decimal::finite(false, Coef::ONE, context.etiny() - 2);
        }
        result.finalize(context, status)
    }

    /// `self ** exponent % modulus`, of integers.
    pub fn power_modulo(
        &self,
        exponent: &Decimal,
        modulus: &Decimal,
        context: &Context,
        status: &mut Status,
    ) -> Decimal {
        if !self.is_finite() || !exponent.is_finite() || !modulus.is_finite() {
            if let Some(nan) = nan_of_two(self, exponent, context, status) {
                // A signaling modulus comes before a quiet NaN.
                if modulus.kind != super::Kind::SNan || status.any(Status::INVALID_OPERATION) {
                    return nan;
                }
            }
            if let Some(nan) = nan_of(modulus, context, status) {
                return nan;
            }
            return Decimal::invalid(status, Status::INVALID_OPERATION);
        }
        let integral = self.is_integer() && exponent.is_integer() && modulus.is_integer();
        let undefined = self.is_zero() && exponent.is_zero();
        if !integral
            || exponent.negative && !exponent.is_zero()
            || modulus.is_zero()
            || undefined
            || modulus.adjusted() >= context.prec
        {
            return Decimal::invalid(status, Status::INVALID_OPERATION);
        }
        if !context.allows(modulus.adjusted().saturating_mul(2), status) {
            return Decimal::nan();
        }
        let negative = self.negative && exponent.is_odd_integer();
        let Some(modulus) = modulus.to_big(i64::MAX) else { return Decimal::nan() };
        let modulus = modulus.magnitude();
        let integer = |a: &Decimal| match a.exp {
            exp if exp >= 0 => (a.coef.to_big(), exp.unsigned_abs()),
            exp => (a.coef.shift_down(-exp).0.to_big(), 0),
        };
        let (base, zeros) = integer(self);
        let ten = BigUint::from(10u32);
        let base = base * ten.modpow(&zeros.into(), modulus) % modulus;
        let (count, zeros) = integer(exponent);
        let mut result = base.modpow(&count, modulus);
        // Each zero at the end of the exponent raises to the tenth power. Such powers come to a cycle or to zero or one.
        for _ in 0..zeros {
            if result.is_zero() || result == BigUint::from(1u32) {
                break;
            }
            result = result.modpow(&ten, modulus);
        }
        Decimal::finite(negative, super::convert::coef_of(&result), 0)
    }
}

fn exponent_digits(exp: i64) -> i64 {
    Coef::from(exp.unsigned_abs()).digits()
}

/// One with all digits, as an inexact result.
fn padded_one(context: &Context, negative: bool, status: &mut Status) -> Decimal {
    if !context.allows(context.prec, status) {
        return Decimal::nan();
    }
    next_to_one(context, negative, status)
}
