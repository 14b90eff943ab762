//! Decimal numbers from integers and floats, and back.
//!
//! Invariant: these conversions are exact, or say that they are impossible. Large ones multiply balanced halves.

use super::limbs::{self, BASE, DIGITS};
use super::multiply::mul;
use super::{Coef, Decimal};
use crate::hash::MODULUS;
use num_bigint::{BigInt, BigUint, Sign};

/// Words up to which conversion goes one by one.
const FEW: usize = 40;

/// A number of 64-bit words, in decimal limbs. `powers[k]` is `2**(64 * FEW << k)`.
fn to_decimal(words: &[u64], powers: &[Vec<u64>]) -> Vec<u64> {
    let Some((power, fewer)) = powers.split_last().filter(|_| words.len() > FEW) else {
        let mut out = Vec::with_capacity(words.len() * 16 / 15 + 1);
        for &word in words.iter().rev() {
            // Factors of 32 bits keep the intermediate numbers in range.
            limbs::mul_limb(&mut out, 1 << 32, word >> 32);
            limbs::mul_limb(&mut out, 1 << 32, word & 0xFFFF_FFFF);
        }
        return out;
    };
    let half = FEW << (powers.len() - 1);
    if words.len() <= half {
        return to_decimal(words, fewer);
    }
    let high = to_decimal(&words[half..], fewer);
    let mut out = mul(&high, power);
    limbs::add_to(&mut out, &to_decimal(&words[..half], fewer));
    out
}

/// A number of decimal limbs, in binary. `powers[k]` is `BASE**(FEW << k)`.
fn to_binary(limbs: &[u64], powers: &[BigUint]) -> BigUint {
    let Some((power, fewer)) = powers.split_last().filter(|_| limbs.len() > FEW) else {
        return limbs.iter().rev().fold(BigUint::ZERO, |sum, &limb| sum * BASE + limb);
    };
    let half = FEW << (powers.len() - 1);
    if limbs.len() <= half {
        return to_binary(limbs, fewer);
    }
    to_binary(&limbs[half..], fewer) * power + to_binary(&limbs[..half], fewer)
}

/// An integer's magnitude in decimal limbs.
fn limbs_of(words: &[u64]) -> Vec<u64> {
    let mut powers: Vec<Vec<u64>> = Vec::new();
    if words.len() > FEW {
        let mut one = vec![0; FEW];
        one.push(1);
        powers.push(to_decimal(&one, &[]));
        while FEW << powers.len() < words.len() {
            let last = &powers[powers.len() - 1];
            powers.push(mul(last, last));
        }
    }
    to_decimal(words, &powers)
}

/// Writes an integer's magnitude in decimal digits.
pub(crate) fn push_magnitude(n: &BigUint, out: &mut Vec<u8>) {
    limbs::push_digits(&limbs_of(&n.to_u64_digits()), out);
}

/// A coefficient from an integer's magnitude.
pub fn coef_of(n: &BigUint) -> Coef {
    let words = n.to_u64_digits();
    match *words {
        [] => Coef::ZERO,
        [low] => low.into(),
        [low, high] => Coef::from_u128(u128::from(high) << 64 | u128::from(low)),
        _ => Coef::from_limbs(limbs_of(&words)),
    }
}

impl Coef {
    /// The integer.
    pub fn to_big(&self) -> BigUint {
        if let Some(small) = self.as_small() {
            return small.into();
        }
        let limbs = self.limbs();
        let mut powers: Vec<BigUint> = Vec::new();
        if limbs.len() > FEW {
            powers.push(BigUint::from(BASE).pow(FEW as u32));
            while FEW << powers.len() < limbs.len() {
                let last = &powers[powers.len() - 1];
                powers.push(last * last);
            }
        }
        to_binary(&limbs, &powers)
    }
}

impl Decimal {
    /// The number of an int.
    pub fn from_big(n: &BigInt) -> Decimal {
        Decimal::finite(n.sign() == Sign::Minus, coef_of(n.magnitude()), 0)
    }

    /// The number truncated to an integer, if it is finite and its integer part has at most `most` digits.
    pub fn to_big(&self, most: i64) -> Option<BigInt> {
        if !self.is_finite() {
            return None;
        }
        let magnitude = if self.coef.is_zero() || self.adjusted() < 0 {
            BigUint::ZERO
        } else if self.adjusted() >= most {
            return None;
        } else if self.exp < 0 {
            self.coef.shift_down(-self.exp).0.to_big()
        } else {
            self.coef.shift_up(self.exp).to_big()
        };
        let sign = if self.negative { Sign::Minus } else { Sign::Plus };
        Some(BigInt::from_biguint(sign, magnitude))
    }

    /// The number truncated to a machine integer, if it is one.
    pub fn to_small(&self) -> Option<i64> {
        if !self.is_finite() {
            return None;
        }
        let size = match self.exp {
            0 => self.coef.to_u64()?,
            _ if self.coef.is_zero() || self.adjusted() < 0 => 0,
            _ if self.adjusted() > 19 => return None,
            exp if exp < 0 => self.coef.shift_down(-exp).0.to_u64()?,
            exp => self.coef.shift_up(exp).to_u64()?,
        };
        let size = i64::try_from(size).ok()?;
        Some(if self.negative { -size } else { size })
    }

    /// The exact value of a float.
    pub fn from_f64(value: f64) -> Decimal {
        let negative = value.is_sign_negative();
        if value.is_nan() {
            return Decimal::nan().with_sign(negative);
        }
        if value.is_infinite() {
            return Decimal::infinity(negative);
        }
        let (mantissa, exponent) = crate::int_float::decompose(value);
        let mantissa = mantissa.unsigned_abs();
        if mantissa == 0 {
            return Decimal::zero(negative, 0);
        }
        let even = mantissa.trailing_zeros();
        let (mantissa, exponent) = (mantissa >> even, i64::from(exponent) + i64::from(even));
        let power = |base: u64, n: i64| coef_of(&BigUint::from(base).pow(n.unsigned_abs() as u32));
        let coef = Coef::from(mantissa);
        if exponent >= 0 {
            return Decimal::finite(negative, coef.mul(&power(2, exponent)), 0);
        }
        Decimal::finite(negative, coef.mul(&power(5, exponent)), exponent)
    }
}

/// `base**exponent` modulo the prime of hashes.
fn power_modulo(mut base: u64, mut exponent: u64) -> u64 {
    let times = |a: u64, b: u64| (u128::from(a) * u128::from(b) % u128::from(MODULUS)) as u64;
    let mut result = 1;
    while exponent != 0 {
        if exponent & 1 == 1 {
            result = times(result, base);
        }
        base = times(base, base);
        exponent >>= 1;
    }
    result
}

/// The hash of a finite number or an infinity: that of an equal int, float or fraction.
pub fn hash(a: &Decimal) -> i64 {
    if a.is_infinite() {
        return if a.negative { -crate::hash::INFINITY } else { crate::hash::INFINITY };
    }
    let coef = match a.coef.as_small() {
        Some(small) => (small % u128::from(MODULUS)) as u64,
        None => a.coef.limbs().iter().rev().fold(0, |rest, &limb| {
            ((u128::from(rest) * u128::from(BASE) + u128::from(limb)) % u128::from(MODULUS)) as u64
        }),
    };
    // The inverse of ten is a power of it, too: the order of the group is one less than the prime.
    let exponent = a.exp.rem_euclid((MODULUS - 1) as i64) as u64;
    let hash = (u128::from(coef) * u128::from(power_modulo(10, exponent)) % u128::from(MODULUS)) as i64;
    match if a.negative { -hash } else { hash } {
        -1 => -2,
        hash => hash,
    }
}

const _: () = assert!(DIGITS == 18);
