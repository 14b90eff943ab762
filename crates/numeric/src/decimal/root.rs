//! Square roots.
//!
//! Invariant: results are rounded to the nearest, ties to even, whatever the context says.

use super::round::nan_of;
use super::{Coef, Context, Decimal, Rounding, Status};

impl Decimal {
    /// The square root.
    pub fn sqrt(&self, context: &Context, status: &mut Status) -> Decimal {
        if let Some(nan) = nan_of(self, context, status) {
            return nan;
        }
        let ideal = self.exp.div_euclid(2);
        if self.is_zero() {
            return Decimal::zero(self.negative, ideal).finalize(context, status);
        }
        if self.negative {
            return Decimal::invalid(status, Status::INVALID_OPERATION);
        }
        if self.is_infinite() {
            return self.clone();
        }
        // An even exponent, and digits for one more than the precision.
        let odd = self.exp.rem_euclid(2);
        let have = (self.coef.digits() + odd + 1) / 2;
        let more = context.prec + 1 - have;
        if !context.allows(self.coef.digits() + 2 * more.abs() + 2, status) {
            return Decimal::nan();
        }
        let (root, exact) = if more >= 0 {
            root_of(&self.coef, 2 * more + odd)
        } else {
            let (short, rest) = self.coef.shift_up(odd).shift_down(-2 * more);
            let (root, exact) = short.sqrt();
            (root, exact && rest == super::limbs::Rest::None)
        };
        let mut result = Decimal::finite(false, root, ideal - more);
        if exact {
            result.trim_to(ideal);
        } else if matches!(result.coef.last_digit(), 0 | 5) {
            result.coef = result.coef.successor();
        }
        let context = Context { rounding: Rounding::HalfEven, ..*context };
        result.finalize(&context, status)
    }
}

/// The root of `coef * 10**shift`, and whether it is exact.
fn root_of(coef: &Coef, shift: i64) -> (Coef, bool) {
    match coef.as_small() {
        Some(n) if coef.digits() + shift <= 76 => wide_root(n, shift as usize),
        _ => coef.shift_up(shift).sqrt(),
    }
}

/// The root of `n * 10**shift`, a number of at most 256 bits.
fn wide_root(n: u128, shift: usize) -> (Coef, bool) {
    let first = shift.min(38 - super::coef::digits_u128(n));
    let (high, low) = widening(n * super::coef::pow10(first), super::coef::pow10(shift - first));
    if high == 0 {
        let root = low.isqrt();
        return (Coef::from_u128(root), root * root == low);
    }
    // Shifted up to the top by an even number of bits; the root's low bits are shifted out again.
    let zeros = high.leading_zeros() & !1;
    let (top, bottom) = match zeros {
        0 => (high, low),
        _ => (high << zeros | low >> (128 - zeros), low << zeros),
    };
    let root = top.isqrt();
    let left = top - root * root;
    // One step of dividing: 64 more bits of the root.
    let next = ((left << 63 | bottom >> 65) / root).min(u128::from(u64::MAX));
    let mut full = (root << 64) + next;
    // The estimate is at most two too great.
    while {
        let (a, b) = widening(full, full);
        (a, b) > (top, bottom)
    } {
        full -= 1;
    }
    let full = full >> (zeros / 2);
    (Coef::from_u128(full), widening(full, full) == (high, low))
}

/// The product of two numbers, in two words.
fn widening(a: u128, b: u128) -> (u128, u128) {
    const LOW: u128 = u64::MAX as u128;
    let (a1, a0, b1, b0) = (a >> 64, a & LOW, b >> 64, b & LOW);
    let (p00, p01, p10, p11) = (a0 * b0, a0 * b1, a1 * b0, a1 * b1);
    let middle = (p00 >> 64) + (p01 & LOW) + (p10 & LOW);
    let low = (p00 & LOW) | middle << 64;
    (p11 + (p01 >> 64) + (p10 >> 64) + (middle >> 64), low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_roots_agree_with_long_ones() {
        let mut n: u128 = 1;
        for i in 0..20_000u128 {
            n = n.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(i)
                % super::super::coef::pow10(1 + (i % 38) as usize);
            let n = n.max(1);
            let most = 76 - super::super::coef::digits_u128(n);
            let shift = (i as usize * 7) % (most + 1);
            assert_eq!(wide_root(n, shift), Coef::from_u128(n).shift_up(shift as i64).sqrt(), "{n} {shift}");
        }
    }
}
