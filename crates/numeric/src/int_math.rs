//! The integer functions of the `math` module: roots, common divisors and combinatorics.
//!
//! Products are multiplied in balanced trees, so that the subquadratic multiplication of big
//! numbers is put to use. Domains are checked by the caller; arguments here are valid.

use crate::int_ops::IntError;
use num_bigint::{BigInt, BigUint};
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};

/// `math.isqrt` of a non-negative value.
#[must_use]
pub fn isqrt(value: &BigInt) -> BigInt {
    BigInt::from(value.magnitude().sqrt())
}

/// `math.gcd` of two values.
#[must_use]
pub fn gcd(a: &BigInt, b: &BigInt) -> BigInt {
    a.gcd(b)
}

/// `math.gcd` of two small values.
#[must_use]
pub fn gcd_small(a: i64, b: i64) -> u64 {
    a.unsigned_abs().gcd(&b.unsigned_abs())
}

/// `math.lcm` of two values.
#[must_use]
pub fn lcm(a: &BigInt, b: &BigInt) -> BigInt {
    if a.is_zero() || b.is_zero() {
        return BigInt::zero();
    }
    (a / a.gcd(b) * b).abs()
}

fn product(low: u64, high: u64) -> BigUint {
    if high < low {
        return BigUint::one();
    }
    if high - low < 8 {
        return (low..=high).fold(BigUint::one(), |acc, factor| acc * factor);
    }
    let middle = low + (high - low) / 2;
    product(low, middle) * product(middle + 1, high)
}

/// Fails when a product of `factors` numbers of up to `largest` might exceed `max_bits` bits.
fn check(largest: u64, factors: u64, max_bits: u64) -> Result<(), IntError> {
    let bits = u64::from(64 - largest.leading_zeros());
    if bits.saturating_mul(factors) > max_bits { Err(IntError::TooLarge) } else { Ok(()) }
}

/// `math.factorial`, refusing results that might exceed `max_bits` bits.
pub fn factorial(n: u64, max_bits: u64) -> Result<BigInt, IntError> {
    check(n, n, max_bits)?;
    Ok(BigInt::from(product(2, n)))
}

/// `math.perm(n, k)` for `0 <= k`; zero when `k > n`.
pub fn perm(n: &BigInt, k: u64, max_bits: u64) -> Result<BigInt, IntError> {
    match n.to_u64() {
        Some(n) if k > n => return Ok(BigInt::zero()),
        Some(n) if k == 0 || n == 0 => return Ok(BigInt::one()),
        Some(n) => {
            check(n, k, max_bits)?;
            return Ok(BigInt::from(product(n - k + 1, n)));
        }
        None => {}
    }
    if n.bits().saturating_mul(k) > max_bits {
        return Err(IntError::TooLarge);
    }
    Ok((0..k).fold(BigInt::one(), |acc, i| acc * (n - i)))
}

/// `math.comb(n, k)` for `0 <= k`; zero when `k > n`.
pub fn comb(n: &BigInt, k: u64, max_bits: u64) -> Result<BigInt, IntError> {
    let k = match n.to_u64() {
        Some(n) if k > n => return Ok(BigInt::zero()),
        Some(n) => k.min(n - k),
        None => k,
    };
    Ok(perm(n, k, max_bits)? / factorial(k, max_bits)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn combinatorics() {
        let n = |v: i64| BigInt::from(v);
        let most = 1 << 20;
        assert_eq!(factorial(0, most), Ok(n(1)));
        assert_eq!(factorial(20, most), Ok(n(2432902008176640000)));
        assert_eq!(factorial(1 << 40, most), Err(IntError::TooLarge));
        assert_eq!(comb(&n(52), 5, most), Ok(n(2598960)));
        assert_eq!(comb(&n(5), 7, most), Ok(n(0)));
        assert_eq!(perm(&n(10), 3, most), Ok(n(720)));
        assert_eq!(perm(&n(0), 0, most), Ok(n(1)));
        assert_eq!(lcm(&n(-4), &n(6)), n(12));
        assert_eq!(gcd(&n(-4), &n(6)), n(2));
        assert_eq!(isqrt(&n(99)), n(9));
    }
}
