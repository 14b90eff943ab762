//! Comparisons, the total order, minimum and maximum, and classification.
//!
//! Invariant: the total order tells representations apart; every other comparison only values.

use super::divmod::compare_magnitude;
use super::round::nan_of_two;
use super::{Coef, Context, Decimal, Kind, Status};
use std::cmp::Ordering;

impl Decimal {
    /// How two numbers that are not NaN compare.
    pub fn compare_values(&self, other: &Decimal) -> Ordering {
        let sign = |a: &Decimal| match (a.is_zero(), a.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        let (a, b) = (sign(self), sign(other));
        if a != b || a == 0 {
            return a.cmp(&b);
        }
        let order = match (self.is_infinite(), other.is_infinite()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => compare_magnitude(self, other),
        };
        if a < 0 { order.reverse() } else { order }
    }

    /// `compare`: -1, 0 or 1 as a number; a NaN if one is given.
    pub fn compare(&self, other: &Decimal, context: &Context, status: &mut Status) -> Decimal {
        match nan_of_two(self, other, context, status) {
            Some(nan) => nan,
            None => Decimal::from_i64(self.compare_values(other) as i64),
        }
    }

    /// As `compare`; quiet NaNs signal, too.
    pub fn compare_signal(&self, other: &Decimal, context: &Context, status: &mut Status) -> Decimal {
        if self.is_nan() || other.is_nan() {
            status.set(Status::INVALID_OPERATION);
        }
        self.compare(other, context, status)
    }

    /// The total order.
    pub fn compare_total(&self, other: &Decimal) -> Ordering {
        match (self.negative, other.negative) {
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (false, false) => self.total_magnitude(other),
            (true, true) => self.total_magnitude(other).reverse(),
        }
    }

    /// The total order without signs.
    pub fn compare_total_magnitude(&self, other: &Decimal) -> Ordering {
        self.total_magnitude(other)
    }

    fn total_magnitude(&self, other: &Decimal) -> Ordering {
        let rank = |a: &Decimal| match a.kind {
            Kind::Finite => 0,
            Kind::Infinity => 1,
            Kind::SNan => 2,
            Kind::Nan => 3,
        };
        rank(self).cmp(&rank(other)).then_with(|| match self.kind {
            Kind::Infinity => Ordering::Equal,
            Kind::Finite => compare_magnitude(self, other).then(self.exp.cmp(&other.exp)),
            _ => self.coef.cmp(&other.coef),
        })
    }

    /// The greater of two; a quiet NaN yields to a number.
    pub fn max(&self, other: &Decimal, context: &Context, status: &mut Status) -> Decimal {
        self.choose(other, context, status, |a, b| (a.compare_values(b), a.compare_total(b)), Ordering::Greater)
    }

    /// The lesser of two.
    pub fn min(&self, other: &Decimal, context: &Context, status: &mut Status) -> Decimal {
        self.choose(other, context, status, |a, b| (a.compare_values(b), a.compare_total(b)), Ordering::Less)
    }

    /// The one with the greater magnitude.
    pub fn max_magnitude(&self, other: &Decimal, context: &Context, status: &mut Status) -> Decimal {
        self.choose(other, context, status, by_magnitude, Ordering::Greater)
    }

    /// The one with the lesser magnitude.
    pub fn min_magnitude(&self, other: &Decimal, context: &Context, status: &mut Status) -> Decimal {
        self.choose(other, context, status, by_magnitude, Ordering::Less)
    }

    fn choose(
        &self,
        other: &Decimal,
        context: &Context,
        status: &mut Status,
        order: impl Fn(&Decimal, &Decimal) -> (Ordering, Ordering),
        wanted: Ordering,
    ) -> Decimal {
        if self.kind == Kind::Nan && !other.is_nan() {
            return other.clone().finalize(context, status);
        }
        if other.kind == Kind::Nan && !self.is_nan() {
            return self.clone().finalize(context, status);
        }
        if let Some(nan) = nan_of_two(self, other, context, status) {
            return nan;
        }
        let (values, representations) = order(self, other);
        let order = values.then(representations);
        let choice = if order == wanted { self } else { other };
        choice.clone().finalize(context, status)
    }

    /// The name of the number's class.
    pub fn class(&self, context: &Context) -> &'static str {
        let name = match self.kind {
            Kind::Nan => return "NaN",
            Kind::SNan => return "sNaN",
            Kind::Infinity => 0,
            Kind::Finite if self.coef.is_zero() => 3,
            Kind::Finite if self.is_subnormal(context) => 2,
            Kind::Finite => 1,
        };
        let names = match self.negative {
            true => ["-Infinity", "-Normal", "-Subnormal", "-Zero"],
            false => ["+Infinity", "+Normal", "+Subnormal", "+Zero"],
        };
        names[name]
    }

    /// Whether two numbers have the same exponent.
    pub fn same_quantum(&self, other: &Decimal) -> bool {
        match (self.kind, other.kind) {
            (Kind::Finite, Kind::Finite) => self.exp == other.exp,
            (Kind::Infinity, Kind::Infinity) => true,
            _ => self.is_nan() && other.is_nan(),
        }
    }

    /// The next greater number of the context.
    pub fn next_plus(&self, context: &Context, status: &mut Status) -> Decimal {
        self.next(false, context, status)
    }

    /// The next lesser number of the context.
    pub fn next_minus(&self, context: &Context, status: &mut Status) -> Decimal {
        self.next(true, context, status)
    }

    fn next(&self, down: bool, context: &Context, status: &mut Status) -> Decimal {
        if let Some(nan) = super::round::nan_of(self, context, status) {
            return nan;
        }
        if !context.allows(if self.coef.is_zero() { 1 } else { context.prec }, status) {
            return Decimal::nan();
        }
        if self.is_infinite() {
            return match self.negative == down {
                true => self.clone(),
                false => Decimal::finite(self.negative, Coef::nines(context.prec), context.etop()),
            };
        }
        let rounding = if down { super::Rounding::Floor } else { super::Rounding::Ceiling };
        let away = Context { rounding, ..*context };
        let mut ignored = Status::default();
        let rounded = self.clone().finalize(&away, &mut ignored);
        if rounded.compare_values(self) != Ordering::Equal {
            return rounded;
        }
        let tiny = Decimal::finite(down, Coef::ONE, context.etiny() - 1);
        let next = self.add(&tiny, &away, &mut ignored);
        status.set(ignored.0 & Status::MEMORY);
        next
    }

    /// The next number in the direction of another.
    pub fn next_toward(&self, other: &Decimal, context: &Context, status: &mut Status) -> Decimal {
        if let Some(nan) = nan_of_two(self, other, context, status) {
            return nan;
        }
        let order = self.compare_values(other);
        if order == Ordering::Equal {
            return self.clone().with_sign(other.negative);
        }
        let next = self.next(order == Ordering::Greater, context, status);
        if next.is_infinite() {
            status.set(Status::OVERFLOW | Status::ROUNDED | Status::INEXACT);
        } else if next.is_finite() && next.adjusted() < context.emin {
            status.set(Status::UNDERFLOW | Status::SUBNORMAL | Status::ROUNDED | Status::INEXACT);
            if next.coef.is_zero() {
                status.set(Status::CLAMPED);
            }
        }
        next
    }
}

fn by_magnitude(a: &Decimal, b: &Decimal) -> (Ordering, Ordering) {
    let (x, y) = (a.clone().with_sign(false), b.clone().with_sign(false));
    (x.compare_values(&y), a.compare_total(b))
}
