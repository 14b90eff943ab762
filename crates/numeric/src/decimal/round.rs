//! Rounding results to their context.
//!
//! Invariant: a number is rounded once, whether to the precision or to the range of subnormal numbers.

use super::limbs::Rest;
use super::{Coef, Context, Decimal, Kind, Rounding, Status};

/// Whether a coefficient of which `rest` was cut off goes up by one.
#[inline]
pub(crate) fn goes_up(rounding: Rounding, coef: &Coef, negative: bool, rest: Rest) -> bool {
    if rest == Rest::None {
        return false;
    }
    match rounding {
        Rounding::Down => false,
        Rounding::Up => true,
        Rounding::Ceiling => !negative,
        Rounding::Floor => negative,
        Rounding::HalfUp => matches!(rest, Rest::Half | Rest::High),
        Rounding::HalfDown => rest == Rest::High,
        Rounding::HalfEven => rest == Rest::High || rest == Rest::Half && coef.is_odd(),
        Rounding::ZeroFiveUp => matches!(coef.last_digit(), 0 | 5),
    }
}

impl Decimal {
    /// Cuts off the `by` last digits and rounds.
    pub(crate) fn cut(&mut self, by: i64, rounding: Rounding) -> Rest {
        let (coef, rest) = self.coef.shift_down(by);
        self.coef = if goes_up(rounding, &coef, self.negative, rest) { coef.successor() } else { coef };
        self.exp += by;
        rest
    }

    /// Rounds to the context.
    #[inline]
    pub fn finalize(mut self, context: &Context, status: &mut Status) -> Decimal {
        if self.kind == Kind::Finite {
            let digits = self.coef.digits();
            let adjusted = self.exp + digits - 1;
            if digits <= context.prec
                && adjusted <= context.emax
                && adjusted >= context.emin
                && !(context.clamp && self.exp > context.etop())
            {
                return self;
            }
            self.check_exponent(context, status);
            self.check_precision(context, status);
        } else {
            self.cut_payload(context);
        }
        self
    }

    /// Shortens a NaN's payload to what the context allows.
    pub(crate) fn cut_payload(&mut self, context: &Context) {
        if self.is_nan() {
            let most = context.prec - i64::from(context.clamp);
            if self.coef.digits() > most {
                self.coef = self.coef.low_digits(most);
            }
        }
    }

    /// Brings the exponent into the context's range.
    fn check_exponent(&mut self, context: &Context, status: &mut Status) {
        let adjusted = self.adjusted();
        if adjusted > context.emax {
            if self.coef.is_zero() {
                self.exp = if context.clamp { context.etop() } else { context.emax };
                status.set(Status::CLAMPED);
                return;
            }
            let to_infinity = match context.rounding {
                Rounding::HalfUp | Rounding::HalfDown | Rounding::HalfEven | Rounding::Up => true,
                Rounding::Down | Rounding::ZeroFiveUp => false,
                Rounding::Ceiling => !self.negative,
                Rounding::Floor => self.negative,
            };
            status.set(Status::OVERFLOW | Status::INEXACT | Status::ROUNDED);
            if to_infinity {
                *self = Decimal::infinity(self.negative);
            } else if context.allows(context.prec, status) {
                *self = Decimal::finite(self.negative, Coef::nines(context.prec), context.etop());
            } else {
                *self = Decimal::nan();
            }
        } else if context.clamp && self.exp > context.etop() {
            let shift = self.exp - context.etop();
            if !self.coef.is_zero() {
                if !context.allows(self.coef.digits() + shift, status) {
                    *self = Decimal::nan();
                    return;
                }
                self.coef = self.coef.shift_up(shift);
            }
            self.exp -= shift;
            status.set(Status::CLAMPED);
            if !self.coef.is_zero() && adjusted < context.emin {
                status.set(Status::SUBNORMAL);
            }
        } else if adjusted < context.emin {
            let etiny = context.etiny();
            if self.coef.is_zero() {
                if self.exp < etiny {
                    self.exp = etiny;
                    status.set(Status::CLAMPED);
                }
                return;
            }
            status.set(Status::SUBNORMAL);
            if self.exp < etiny {
                let rest = self.cut(etiny - self.exp, context.rounding);
                status.set(Status::ROUNDED);
                if rest != Rest::None {
                    status.set(Status::INEXACT | Status::UNDERFLOW);
                    if self.coef.is_zero() {
                        status.set(Status::CLAMPED);
                    }
                }
            }
        }
    }

    /// Brings the number of digits to the context's precision.
    fn check_precision(&mut self, context: &Context, status: &mut Status) {
        if self.kind != Kind::Finite {
            return;
        }
        let digits = self.coef.digits();
        if digits > context.prec {
            let rest = self.cut(digits - context.prec, context.rounding);
            status.set(Status::ROUNDED);
            if rest != Rest::None {
                status.set(Status::INEXACT);
            }
            if self.coef.digits() > context.prec {
                self.cut(1, Rounding::Down);
            }
            self.check_exponent(context, status);
        }
    }
}

/// The NaN that an operation on `a` returns, if `a` is one.
#[inline]
pub(crate) fn nan_of(a: &Decimal, context: &Context, status: &mut Status) -> Option<Decimal> {
    if a.is_nan() { Some(quiet(a, context, status)) } else { None }
}

/// The NaN that an operation on `a` and `b` returns, if one of them is.
#[inline]
pub(crate) fn nan_of_two(a: &Decimal, b: &Decimal, context: &Context, status: &mut Status) -> Option<Decimal> {
    if a.is_finite() && b.is_finite() {
        return None;
    }
    // Signaling NaNs come first.
    let choice = if a.kind == Kind::SNan {
        a
    } else if b.kind == Kind::SNan {
        b
    } else if a.is_nan() {
        a
    } else if b.is_nan() {
        b
    } else {
        return None;
    };
    Some(quiet(choice, context, status))
}

#[cold]
fn quiet(a: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    let mut nan = a.clone();
    if nan.kind == Kind::SNan {
        status.set(Status::INVALID_OPERATION);
        nan.kind = Kind::Nan;
    }
    nan.cut_payload(context);
    nan
}
