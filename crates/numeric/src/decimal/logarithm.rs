//! Natural and decimal logarithms.
//!
//! Invariant: the number is split into a power of ten and a factor from 0.1 to 10 so that nothing cancels between their logarithms.

use super::exponential::{exp_fixed, mul_fixed, one, refined, to_fixed, with_places};
use super::limbs::{DIGITS, add_to, cmp, div_limb, sub_from};
use super::multiply::mul;
use super::round::nan_of;
use super::{Coef, Context, Decimal, Status, divide};
use std::cell::RefCell;
use std::cmp::Ordering;

thread_local! {
    /// ln(10) with as many places as it was wanted so far.
    static LN10: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
}

/// Limbs of ln(10) that are kept.
const KEPT: usize = 6000;

/// ln(10) with so many places.
pub(super) fn ln10(places: usize) -> Vec<u64> {
    let known = LN10.with_borrow(|known| (known.len() > places).then(|| with_places(known, known.len() - 1, places)));
    if let Some(known) = known {
        return known;
    }
    // Computed with some more, for the next time and for what is lost at the end.
    let more = places + 2 + places / 8;
    let mut sum: Vec<u64> = Vec::new();
    for (factor, n) in [(46, 31), (34, 49), (20, 161)] {
        let mut part = inverse_tangent(n, more);
        super::limbs::mul_limb(&mut part, factor, 0);
        add_to(&mut sum, &part);
    }
    let kept = with_places(&sum, more, more - 1);
    let result = with_places(&kept, more - 1, places);
    if kept.len() <= KEPT {
        LN10.with_borrow_mut(|known| *known = kept);
    }
    result
}

/// The inverse hyperbolic tangent of `1 / n`.
fn inverse_tangent(n: u64, places: usize) -> Vec<u64> {
    let square = n * n;
    let terms = (places * DIGITS) as f64 / (square as f64).log10();
    if places > 60 {
        let (top, odd, power) = split_series(square, 0, terms as u64 + 2);
        let bottom = mul(&odd, &power);
        let mut scaled = with_places(&top, 0, places);
        super::limbs::mul_limb(&mut scaled, n, 0);
        return divide::div_rem(&scaled, &bottom).0;
    }
    let mut power = one(places);
    div_limb(&mut power, n);
    let mut sum: Vec<u64> = Vec::new();
    let mut k = 1;
    while !power.is_empty() {
        let mut term = power.clone();
        div_limb(&mut term, k);
        add_to(&mut sum, &term);
        div_limb(&mut power, square);
        k += 2;
    }
    sum
}

/// The sum of `1 / ((2 k + 1) * square**(k - from + 1))` for `k` from `from` to before `to`, as a fraction `top / (odd * power)`.
fn split_series(square: u64, from: u64, to: u64) -> (Vec<u64>, Vec<u64>, Vec<u64>) {
    if to - from == 1 {
        return (vec![1], vec![2 * from + 1], vec![square]);
    }
    let middle = from + (to - from) / 2;
    let (top1, odd1, power1) = split_series(square, from, middle);
    let (top2, odd2, power2) = split_series(square, middle, to);
    let mut top = mul(&mul(&top1, &odd2), &power2);
    add_to(&mut top, &mul(&odd1, &top2));
    (top, mul(&odd1, &odd2), mul(&power1, &power2))
}

/// The logarithm of a factor from 0.1 to 10: its sign and size.
fn ln_fixed(coef: &Coef, exp: i64, places: usize) -> (bool, Vec<u64>) {
    let mut schedule = vec![places];
    while let Some(&last) = schedule.last().filter(|&&last| last > 2) {
        schedule.push(last / 3 + 1);
    }
    let target = to_fixed(coef, exp, places);
    let below_one = target.len() <= places;
    let start = Decimal::finite(false, coef.clone(), exp).to_f64_parts();
    let guess = (start.0 * 10f64.powi(start.1 as i32)).ln().abs();
    let mut current = 2;
    let mut log = super::limbs::from_u128((guess * 1e36) as u128);
    for &places in schedule.iter().rev() {
        log = with_places(&log, current, places);
        current = places;
        let target = to_fixed(coef, exp, places);
        let power = exp_fixed(&log, places);
        // Halley's step: twice the difference over the sum, of `x` and `e**log`, or of `1` and `x * e**log` below one.
        let (a, b) = if below_one { (one(places), mul_fixed(&target, &power, places)) } else { (target, power) };
        let order = cmp(&a, &b);
        let (mut difference, less) = if order == Ordering::Less { (b.clone(), &a) } else { (a.clone(), &b) };
        sub_from(&mut difference, less);
        let mut sum = a;
        add_to(&mut sum, &b);
        let mut doubled = difference.clone();
        add_to(&mut doubled, &difference);
        let (step, _) = divide::div_rem(&with_places(&doubled, 0, places), &sum);
        if order == Ordering::Less {
            if cmp(&log, &step) == Ordering::Less {
                log = Vec::new();
            } else {
                sub_from(&mut log, &step);
            }
        } else {
            add_to(&mut log, &step);
        }
    }
    (below_one, log)
}

/// A positive number as a factor's exponent and a power of ten.
fn split(x: &Decimal) -> (i64, i64) {
    let adjusted = x.adjusted();
    let power = if adjusted == -1 { 0 } else { adjusted };
    (x.exp - power, power)
}

/// `log` plus `power` units, where neither cancels the other.
fn joined(negative: bool, log: Vec<u64>, power: i64, unit: &[u64]) -> (bool, Vec<u64>) {
    if power == 0 {
        return (negative, log);
    }
    let mut size = mul(unit, &super::limbs::from_u128(power.unsigned_abs().into()));
    if power > 0 {
        add_to(&mut size, &log);
    } else {
        sub_from(&mut size, &log);
    }
    (power < 0, size)
}

impl Decimal {
    /// The digits as a float from 1 to 10, and the exponent of the first one. For finite numbers other than zero.
    pub(super) fn to_f64_parts(&self) -> (f64, i64) {
        let digits = self.coef.digits();
        let top = if digits > 19 { self.coef.shift_down(digits - 19).0 } else { self.coef.clone() };
        let kept = top.digits();
        let value = top.as_small().unwrap_or(0) as f64 / 10f64.powi(kept as i32 - 1);
        (value, self.adjusted())
    }

    /// What a logarithm of the number is without computing it, if so.
    fn special_log(&self, context: &Context, status: &mut Status) -> Option<Decimal> {
        if let Some(nan) = nan_of(self, context, status) {
            return Some(nan);
        }
        if self.is_zero() {
            return Some(Decimal::infinity(true));
        }
        if self.negative {
            return Some(Decimal::invalid(status, Status::INVALID_OPERATION));
        }
        self.is_infinite().then(|| self.clone())
    }

    /// How many digits of a logarithm are zeros after the point, because the number is close to one.
    fn closeness(&self) -> i64 {
        if !matches!(self.adjusted(), 0 | -1) {
            return 0;
        }
        let one = Coef::ONE.shift_up(-self.exp);
        let difference = if self.coef >= one { self.coef.sub(&one) } else { one.sub(&self.coef) };
        (-self.exp - difference.digits() + 1).max(0)
    }

    /// The natural logarithm, correctly rounded to the nearest.
    pub fn ln(&self, context: &Context, status: &mut Status) -> Decimal {
        if let Some(result) = self.special_log(context, status) {
            return result;
        }
        if !context.allows(context.prec.saturating_add(self.coef.digits()), status) {
            return Decimal::nan();
        }
        if self.is_one() {
            return Decimal::zero(false, 0);
        }
        refined(context.prec + self.closeness() + 14, context, status, |places| {
            let (exp, power) = split(self);
            let inner = places + 1;
            let (negative, log) = ln_fixed(&self.coef, exp, inner);
            let unit = if power == 0 { Vec::new() } else { ln10(inner + 1) };
            let (negative, log) = joined(negative, with_places(&log, inner, inner + 1), power, &unit);
            let log = with_places(&log, inner + 1, places);
            Decimal::finite(negative, Coef::from_limbs(log), -((places * DIGITS) as i64))
        })
    }

    /// The decimal logarithm, correctly rounded to the nearest; exact for powers of ten.
    pub fn log10(&self, context: &Context, status: &mut Status) -> Decimal {
        if let Some(result) = self.special_log(context, status) {
            return result;
        }
        if !context.allows(context.prec.saturating_add(self.coef.digits()), status) {
            return Decimal::nan();
        }
        if self.coef.trailing_zeros() == self.coef.digits() - 1 && self.coef.digit(self.coef.digits() - 1) == 1 {
            let near = Context { rounding: super::Rounding::HalfEven, ..*context };
            return Decimal::from_i64(self.adjusted()).finalize(&near, status);
        }
        refined(context.prec + self.closeness() + 14, context, status, |places| {
            let (exp, power) = split(self);
            let inner = places + 1;
            let (negative, log) = ln_fixed(&self.coef, exp, inner);
            let (log, _) = divide::div_rem(&with_places(&log, 0, inner), &ln10(inner));
            let (negative, log) = joined(negative, log, power, &one(inner));
            let log = with_places(&log, inner, places);
            Decimal::finite(negative, Coef::from_limbs(log), -((places * DIGITS) as i64))
        })
    }

    /// Whether it is 1, however written.
    pub(super) fn is_one(&self) -> bool {
        self.is_finite()
            && !self.negative
            && self.adjusted() == 0
            && self.coef.trailing_zeros() == -self.exp
            && self.coef.digit(-self.exp) == 1
    }
}
