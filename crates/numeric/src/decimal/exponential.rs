//! The exponential function, and the fixed point numbers that it and the logarithms are computed with.
//!
//! Fixed point numbers are limbs of which `places` stand behind the point. Invariant: an approximation is off by less than `SLACK` units of its
//! last digit; results are taken when both ends of that range round to the same number, and computed again with more digits otherwise.

use super::limbs::{DIGITS, add_to, div_limb, sub_from};
use super::logarithm::ln10;
use super::multiply::mul;
use super::round::nan_of;
use super::{Coef, Context, Decimal, Rounding, Status};

/// Bound of the error of approximations, as a power of ten.
const SLACK: u64 = 1_000_000_000;

/// Binary digits in a limb.
const BITS: usize = 60;

/// An approximation from above and below, rounded; `None` if they differ.
pub(super) fn decide(near: &Decimal, context: &Context, status: &mut Status) -> Option<Decimal> {
    let slack = Coef::from(SLACK);
    if near.coef <= slack {
        return None;
    }
    let bound = |coef: Coef| {
        let mut found = Status::default();
        // A last digit that is not zero makes it inexact.
        let coef = if coef.last_digit() == 0 { coef.successor() } else { coef };
        let rounded = Decimal::finite(near.negative, coef, near.exp).finalize(context, &mut found);
        (rounded, found)
    };
    let (low, found) = bound(near.coef.sub(&slack));
    let (high, _) = bound(near.coef.add(&slack));
    if low != high {
        return None;
    }
    status.set(found.0);
    Some(low)
}

/// Repeats an approximation with ever more limbs until it can be rounded. `digits` is how many it should have at first.
pub(super) fn refined(
    digits: i64,
    context: &Context,
    status: &mut Status,
    approximate: impl Fn(usize) -> Decimal,
) -> Decimal {
    let context = Context { rounding: Rounding::HalfEven, ..*context };
    let mut digits = digits;
    loop {
        if !context.allows(digits.saturating_mul(4), status) {
            return Decimal::nan();
        }
        let places = (digits as usize).div_ceil(DIGITS) + 1;
        if let Some(result) = decide(&approximate(places), &context, status) {
            return result;
        }
        digits += digits / 2 + 2 * DIGITS as i64;
    }
}

/// `one`, with so many places.
pub(super) fn one(places: usize) -> Vec<u64> {
    let mut one = vec![0; places];
    one.push(1);
    one
}

/// The product of two fixed point numbers.
pub(super) fn mul_fixed(a: &[u64], b: &[u64], places: usize) -> Vec<u64> {
    let product = mul(a, b);
    product.get(places..).map(<[u64]>::to_vec).unwrap_or_default()
}

/// With other places behind the point.
pub(super) fn with_places(a: &[u64], from: usize, to: usize) -> Vec<u64> {
    if from >= to {
        return a.get(from - to..).map(<[u64]>::to_vec).unwrap_or_default();
    }
    let mut out = vec![0; to - from];
    out.extend_from_slice(a);
    super::limbs::trim(&mut out);
    out
}

/// The fixed point number of a coefficient and an exponent; what lies behind the places is cut off.
pub(super) fn to_fixed(coef: &Coef, exp: i64, places: usize) -> Vec<u64> {
    let shift = exp + (places * DIGITS) as i64;
    let shifted = if shift >= 0 { coef.shift_up(shift) } else { coef.shift_down(-shift).0 };
    shifted.limbs().into_owned()
}

/// `e**x` of a fixed point number that is not negative and not large.
pub(super) fn exp_fixed(x: &[u64], places: usize) -> Vec<u64> {
    // Halvings and terms of the series in balance.
    let halvings = ((places * BITS) as f64).sqrt() as usize + 2;
    let inner = places + halvings / BITS + 2;
    let mut reduced = with_places(x, places, inner);
    let mut left = halvings;
    while left > 0 {
        let step = left.min(30);
        div_limb(&mut reduced, 1 << step);
        left -= step;
    }
    let mut sum = one(inner);
    let mut term = reduced.clone();
    let mut n = 1;
    while !term.is_empty() {
        add_to(&mut sum, &term);
        n += 1;
        term = mul_fixed(&term, &reduced, inner);
        div_limb(&mut term, n);
    }
    for _ in 0..halvings {
        sum = mul_fixed(&sum, &sum, inner);
    }
    with_places(&sum, inner, places)
}

/// `e**x` as a decimal number with so many places.
fn approximate(x: &Decimal, places: usize) -> Decimal {
    // x = m * ln(10) + r, with as many more places as m has digits.
    let inner = places + 2;
    let size = to_fixed(&x.coef, x.exp, inner);
    let ten = ln10(inner + 2);
    let short = with_places(&ten, inner + 2, inner);
    let (multiples, _) = super::divide::div_rem(&size, &short);
    let mut count = match multiples[..] {
        [] => 0,
        [low] => low as i64,
        [low, high, ..] => {
            (high.saturating_mul(super::limbs::BASE).saturating_add(low)).min(i64::MAX as u64 / 2) as i64
        }
    };
    let product = |count: i64| with_places(&mul(&ten, &super::limbs::from_u128(count as u128)), inner + 2, inner);
    let mut rest;
    if x.negative {
        count += 1;
        rest = product(count);
        sub_from(&mut rest, &size);
        count = -count;
    } else {
        rest = size;
        let part = product(count);
        if super::limbs::cmp(&rest, &part).is_lt() {
            rest.clear();
        } else {
            sub_from(&mut rest, &part);
        }
    }
    let result = exp_fixed(&with_places(&rest, inner, places), places);
    Decimal::finite(false, Coef::from_limbs(result), count - (places * DIGITS) as i64)
}

impl Decimal {
    /// `e**self`, correctly rounded to the nearest.
    pub fn exp(&self, context: &Context, status: &mut Status) -> Decimal {
        if let Some(nan) = nan_of(self, context, status) {
            return nan;
        }
        if self.is_infinite() {
            return if self.negative { Decimal::zero(false, 0) } else { Decimal::infinity(false) };
        }
        if self.coef.is_zero() {
            return Decimal::finite(false, Coef::ONE, 0);
        }
        let near = Context { rounding: Rounding::HalfEven, ..*context };
        let adjusted = self.adjusted();
        if adjusted >= 18 {
            let exp = if self.negative { context.etiny() - 2 } else { 2 * super::MAX_EMAX };
            return Decimal::finite(false, Coef::ONE, exp).finalize(&near, status);
        }
        if !context.allows(context.prec.saturating_add(adjusted.max(0)), status) {
            return Decimal::nan();
        }
        if adjusted < -(context.prec + 1) {
            return next_to_one(context, false, status);
        }
        // Each digit of the result's own takes one; a leading zero of the argument none.
        refined(context.prec + 14, context, status, |places| approximate(self, places))
    }
}

/// The result of an operation that is as good as one.
pub(super) fn next_to_one(context: &Context, negative: bool, status: &mut Status) -> Decimal {
    let near = Context { rounding: Rounding::HalfEven, ..*context };
    let exp = -(context.prec + 2);
    let coef = Coef::ONE.shift_up(-exp).successor();
    Decimal::finite(negative, coef, exp).finalize(&near, status)
}
