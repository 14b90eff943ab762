//! The integer functions of the `math` module: roots, common divisors and combinatorics.
//!
//! Products are multiplied in balanced trees, so that the subquadratic multiplication of big
//! numbers is put to use. Domains are checked by the caller; arguments here are valid.

use crate::int_div;
use crate::int_ops::IntError;
use num_bigint::{BigInt, BigUint};
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};

/// `math.isqrt` of a non-negative value.
#[must_use]
pub fn isqrt(value: &BigInt) -> BigInt {
    BigInt::from(int_div::sqrt_rem(value.magnitude()).0)
}

/// `math.gcd` of two values.
#[must_use]
pub fn gcd(a: &BigInt, b: &BigInt) -> BigInt {
    gcd_magnitudes(a.magnitude(), b.magnitude()).into()
}

/// The top 62 bits of `n`, where the top of `of` is the first of them.
fn leading(n: &BigUint, of: u64) -> i64 {
    (n >> of.saturating_sub(62)).to_i64().unwrap_or(0)
}

/// Lehmer's method: quotients are found from leading bits, and applied to the whole numbers many at a time.
fn gcd_magnitudes(a: &BigUint, b: &BigUint) -> BigUint {
    let (mut a, mut b) = if a >= b { (a.clone(), b.clone()) } else { (b.clone(), a.clone()) };
    loop {
        if let Some(small) = b.to_u64() {
            if small == 0 {
                return a;
            }
            let rest = (&a % small).to_u64().unwrap_or(0);
            return small.gcd(&rest).into();
        }
        let bits = a.bits();
        let (mut x, mut y) = (leading(&a, bits), leading(&b, bits));
        // Rows of the matrix that takes (a, b) to where the leading bits have come; entries keep within 31 bits.
        let (mut first, mut second) = ((1i64, 0i64), (0i64, 1i64));
        while y + second.0 != 0 && y + second.1 != 0 {
            let quotient = (x + first.0) / (y + second.0);
            if quotient != (x + first.1) / (y + second.1) || quotient > 1 << 31 {
                break;
            }
            let next = (first.0 - quotient * second.0, first.1 - quotient * second.1);
            if next.0.abs() >= 1 << 31 || next.1.abs() >= 1 << 31 {
                break;
            }
            (first, second) = (second, next);
            (x, y) = (y, x - quotient * y);
        }
        if first.1 == 0 {
            let rest = int_div::div_rem(&a, &b).1;
            a = std::mem::replace(&mut b, rest);
            continue;
        }
        // The entries of a row differ in sign, and its combination is not negative.
        let combined = |(s, t): (i64, i64)| {
            let (p, q) = (&a * s.unsigned_abs(), &b * t.unsigned_abs());
            if s >= 0 && t <= 0 { p - q } else { q - p }
        };
        let (next_a, next_b) = (combined(first), combined(second));
        (a, b) = (next_a, next_b);
    }
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
    (a / gcd(a, b) * b).abs()
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
    fn common_divisors() {
        let mut seed = BigUint::from(0x1234_5678_9abc_def1_u64);
        let mut next = |bits: u32| {
            seed = (&seed * &seed + 12_345u32) % (BigUint::one() << 700u32);
            let mut n = &seed >> 3u32;
            while n.bits() < u64::from(bits) {
                n = (&n * &n) + &seed;
            }
            n % (BigUint::one() << bits)
        };
        for i in 0..3000u32 {
            let common = next(1 + i % 90);
            let (a, b) = (next(1 + i * 7 % 900) * &common, next(1 + i * 13 % 1000) * &common);
            assert_eq!(gcd_magnitudes(&a, &b), a.gcd(&b), "{a} {b}");
        }
        let (mut a, mut b) = (BigUint::one(), BigUint::one());
        for _ in 0..500 {
            (a, b) = (&a + &b, a);
            assert_eq!(gcd_magnitudes(&(&a * 6u32), &(&b * 6u32)), BigUint::from(6u32));
        }
    }

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
