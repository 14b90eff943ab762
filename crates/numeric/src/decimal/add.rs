//! Addition, subtraction, multiplication, and multiplication with addition.
//!
//! Invariant: operands far apart are never aligned digit by digit; what lies below the precision only counts as "something".

use super::round::{nan_of, nan_of_two};
use super::{Coef, Context, Decimal, Kind, Rounding, Status};
use std::cmp::Ordering;

impl Decimal {
    /// `self + other`
    pub fn add(&self, other: &Decimal, context: &Context, status: &mut Status) -> Decimal {
        self.sum(other, other.negative, context, status)
    }

    /// `self - other`
    pub fn sub(&self, other: &Decimal, context: &Context, status: &mut Status) -> Decimal {
        self.sum(other, !other.negative, context, status)
    }

    /// `self` plus `other` with another sign.
    #[inline]
    fn sum(&self, other: &Decimal, negative: bool, context: &Context, status: &mut Status) -> Decimal {
        if !self.is_finite() || !other.is_finite() {
            if let Some(nan) = nan_of_two(self, other, context, status) {
                return nan;
            }
            return match (self.kind, other.kind) {
                (Kind::Infinity, Kind::Infinity) if self.negative != negative => {
                    Decimal::invalid(status, Status::INVALID_OPERATION)
                }
                (Kind::Infinity, _) => self.clone(),
                _ => other.clone().with_sign(negative),
            };
        }
        if self.exp == other.exp {
            let (a, b) = (&self.coef, &other.coef);
            return combined(a, self.negative, b, negative, self.exp, context, status);
        }
        self.sum_apart(other, negative, context, status)
    }

    fn sum_apart(&self, other: &Decimal, negative: bool, context: &Context, status: &mut Status) -> Decimal {
        let self_is_big = self.exp > other.exp;
        let (big, small) = if self_is_big { (self, other) } else { (other, self) };
        let (mut low, mut low_exp) = (&small.coef, small.exp);
        let tiny;
        if !big.coef.is_zero() {
            let digits = big.coef.digits();
            let limit = big.exp - 1 + if digits > context.prec { 0 } else { digits - context.prec - 1 };
            if small.adjusted() < limit {
                // Any number as small gives the same result.
                tiny = if small.coef.is_zero() { Coef::ZERO } else { Coef::ONE };
                (low, low_exp) = (&tiny, limit);
            }
        }
        let shift = big.exp - low_exp;
        if !big.coef.is_zero() && !context.allows(big.coef.digits() + shift, status) {
            return Decimal::nan();
        }
        let high = big.coef.shift_up(shift);
        if self_is_big {
            combined(&high, self.negative, low, negative, low_exp, context, status)
        } else {
            combined(low, self.negative, &high, negative, low_exp, context, status)
        }
    }

    /// `self * other` without rounding.
    fn product(&self, other: &Decimal, context: &Context, status: &mut Status) -> Option<Decimal> {
        if let (Coef::Small(_), Coef::Small(_)) = (&self.coef, &other.coef) {
            // Never too much.
        } else if !context.allows(self.coef.digits() + other.coef.digits(), status) {
            return None;
        }
        Some(Decimal::finite(self.negative != other.negative, self.coef.mul(&other.coef), self.exp + other.exp))
    }

    /// `self * other`
    pub fn mul(&self, other: &Decimal, context: &Context, status: &mut Status) -> Decimal {
        match self.product_or_special(other, context, status) {
            Ok(product) => product.finalize(context, status),
            Err(special) => special,
        }
    }

    fn product_or_special(&self, other: &Decimal, context: &Context, status: &mut Status) -> Result<Decimal, Decimal> {
        if self.is_finite() && other.is_finite() {
            return self.product(other, context, status).ok_or_else(Decimal::nan);
        }
        if let Some(nan) = nan_of_two(self, other, context, status) {
            return Err(nan);
        }
        if self.is_zero() || other.is_zero() {
            return Err(Decimal::invalid(status, Status::INVALID_OPERATION));
        }
        Ok(Decimal::infinity(self.negative != other.negative))
    }

    /// `self * other + third`, rounded once.
    pub fn fma(&self, other: &Decimal, third: &Decimal, context: &Context, status: &mut Status) -> Decimal {
        let mut first = Status::default();
        let product = self.product_or_special(other, context, &mut first);
        status.set(first.0);
        match product {
            Err(failed) if first.0 != 0 => failed,
            Ok(product) | Err(product) => product.add(third, context, status),
        }
    }

    /// `+self`: rounded; a negative zero becomes positive unless rounding to the floor.
    pub fn plus(&self, context: &Context, status: &mut Status) -> Decimal {
        self.signed(self.negative, context, status)
    }

    /// `-self`
    pub fn minus(&self, context: &Context, status: &mut Status) -> Decimal {
        self.signed(!self.negative, context, status)
    }

    fn signed(&self, negative: bool, context: &Context, status: &mut Status) -> Decimal {
        if let Some(nan) = nan_of(self, context, status) {
            return nan;
        }
        let negative = if self.is_zero() { context.rounding == Rounding::Floor && negative } else { negative };
        self.clone().with_sign(negative).finalize(context, status)
    }

    /// `abs(self)`
    pub fn abs(&self, context: &Context, status: &mut Status) -> Decimal {
        if let Some(nan) = nan_of(self, context, status) {
            return nan;
        }
        if self.negative { self.minus(context, status) } else { self.plus(context, status) }
    }
}

/// The sum of two aligned coefficients with signs.
#[inline]
fn combined(
    a: &Coef,
    a_negative: bool,
    b: &Coef,
    b_negative: bool,
    exp: i64,
    context: &Context,
    status: &mut Status,
) -> Decimal {
    if a_negative == b_negative {
        return Decimal::finite(a_negative, a.add(b), exp).finalize(context, status);
    }
    let (negative, coef) = match a.cmp(b) {
        Ordering::Greater => (a_negative, a.sub(b)),
        Ordering::Less => (b_negative, b.sub(a)),
        Ordering::Equal => (context.rounding == Rounding::Floor, Coef::ZERO),
    };
    Decimal::finite(negative, coef, exp).finalize(context, status)
}
