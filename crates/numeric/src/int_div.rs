//! Division of large natural numbers, and square roots by it, in little more than the time of multiplying them.
//!
//! Quotients are found by Burnikel and Ziegler's recursion ("Fast Recursive Division", 1998) down to the plain method, roots by Zimmermann's
//! ("Karatsuba Square Root", 1999). Invariant: a quotient that is estimated from leading words is never too small, so it is only ever counted down.

use num_bigint::{BigInt, BigUint};
use num_integer::Integer;
use num_traits::{One, ToPrimitive, Zero};

/// Words of a divisor or a quotient up to which the plain method is the quickest; few in tests, so that these recur often.
const FEW: u64 = if cfg!(test) { 8 } else { 256 };
const WORD: u64 = 64;

/// Whether the plain method would take long.
fn is_large(a: &BigUint, b: &BigUint) -> bool {
    b.bits() > FEW * WORD && a.bits() > b.bits() + FEW * WORD
}

/// `divmod(a, b)` for a `b` that is not zero.
pub(crate) fn div_mod_floor(a: &BigInt, b: &BigInt) -> (BigInt, BigInt) {
    if !is_large(a.magnitude(), b.magnitude()) {
        return a.div_mod_floor(b);
    }
    let (quotient, rest) = divide_large(a.magnitude(), b.magnitude());
    let (mut quotient, mut rest) = (BigInt::from(quotient), BigInt::from_biguint(a.sign(), rest));
    if a.sign() != b.sign() {
        quotient = -quotient;
        if !rest.is_zero() {
            quotient -= 1;
            rest += b;
        }
    }
    (quotient, rest)
}

/// Quotient and remainder; `b` is not zero.
pub(crate) fn div_rem(a: &BigUint, b: &BigUint) -> (BigUint, BigUint) {
    if is_large(a, b) { divide_large(a, b) } else { a.div_rem(b) }
}

fn divide_large(a: &BigUint, b: &BigUint) -> (BigUint, BigUint) {
    // Twice as many bits of both as the quotient has are enough to find it, but for one or two.
    let needed = a.bits() - b.bits() + WORD;
    if let Some(shift) = b.bits().checked_sub(needed).filter(|shift| *shift > WORD) {
        let (mut quotient, _) = div_rem(&(a >> shift), &(b >> shift));
        let mut product = &quotient * b;
        while product > *a {
            quotient -= 1u32;
            product -= b;
        }
        return (quotient, a - product);
    }
    // The divisor gets a number of words that can be halved down to the plain method, and its top bit set.
    let halvings = b.bits().div_ceil(FEW * WORD).next_power_of_two().trailing_zeros();
    let words = (b.bits().div_ceil(WORD << halvings) << halvings) as usize;
    let shift = words as u64 * WORD - b.bits();
    let (a, b) = (a << shift, b << shift);
    let mut quotient = Vec::new();
    let mut rest = BigUint::ZERO;
    let digits: Vec<u32> = a.iter_u32_digits().collect();
    // From the most significant digit down; a digit is as long as the divisor.
    for digit in digits.chunks(2 * words).rev() {
        let (part, left) = two_by_one(&joined(&rest, digit, words), &b, words);
        let mut part: Vec<u32> = part.iter_u32_digits().collect();
        part.resize(2 * words, 0);
        quotient.push(part);
        rest = left;
    }
    quotient.reverse();
    (BigUint::new(quotient.concat()), rest >> shift)
}

/// `high << words | low`
fn joined(high: &BigUint, low: &[u32], words: usize) -> BigUint {
    let mut digits = low.to_vec();
    digits.resize(2 * words, 0);
    digits.extend(high.iter_u32_digits());
    BigUint::new(digits)
}

/// What lies above the lowest words, and these.
fn split(a: &BigUint, words: usize) -> (BigUint, BigUint) {
    let mut low: Vec<u32> = a.iter_u32_digits().collect();
    let high = low.split_off(low.len().min(2 * words));
    (BigUint::new(high), BigUint::new(low))
}

/// Divides a number of up to twice as many words by one of `words` words with its top bit set; the quotient has no more than `words`.
fn two_by_one(a: &BigUint, b: &BigUint, words: usize) -> (BigUint, BigUint) {
    if words as u64 <= FEW {
        return a.div_rem(b);
    }
    let half = words / 2;
    let divisor = split(b, half);
    let (rest, lowest) = split(a, half);
    let (rest, low) = split(&rest, half);
    let (high_quotient, rest) = three_by_two(&rest, &low, b, &divisor, half);
    let (quotient, rest) = three_by_two(&rest, &lowest, b, &divisor, half);
    let digits: Vec<u32> = quotient.iter_u32_digits().collect();
    (joined(&high_quotient, &digits, half), rest)
}

/// Divides `high << half | low` by `b`, whose halves are `divisor`.
fn three_by_two(
    high: &BigUint,
    low: &BigUint,
    b: &BigUint,
    divisor: &(BigUint, BigUint),
    half: usize,
) -> (BigUint, BigUint) {
    let top = split(high, half).0;
    let (mut quotient, rest) = if top < divisor.0 {
        two_by_one(high, &divisor.0, half)
    } else {
        // The largest quotient there can be.
        let bits = half as u64 * WORD;
        ((BigUint::one() << bits) - 1u32, high - (&divisor.0 << bits) + &divisor.0)
    };
    let digits: Vec<u32> = low.iter_u32_digits().collect();
    let mut rest = joined(&rest, &digits, half);
    let product = &quotient * &divisor.1;
    while rest < product {
        quotient -= 1u32;
        rest += b;
    }
    (quotient, rest - product)
}

/// The integer part of the square root, and what is left of the number.
pub(crate) fn sqrt_rem(n: &BigUint) -> (BigUint, BigUint) {
    if let Some(small) = n.to_u128() {
        let root = small.isqrt();
        return (root.into(), (small - root * root).into());
    }
    // The root of the leading half gives half of the bits, dividing by it the others.
    let bits = (n.bits() + 1) / 4;
    let mask = (BigUint::one() << bits) - 1u32;
    let middle = (n >> bits) & &mask;
    let (high, rest) = sqrt_rem(&(n >> (2 * bits)));
    let (quotient, rest) = div_rem(&((rest << bits) | middle), &(&high << 1));
    let mut left = (rest << bits) | (n & mask);
    let square = &quotient * &quotient;
    let mut root = (high << bits) + quotient;
    while left < square {
        root -= 1u32;
        left += (&root << 1) + 1u32;
    }
    (root, left - square)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers of so many bits: even ones, ones at the edges, and mixed ones.
    fn numbers(bits: u64) -> Vec<BigUint> {
        let top = BigUint::one() << (bits - 1);
        let mut mixed = top.clone();
        let mut word = bits.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        for place in 0..bits / WORD {
            word = word.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
            mixed += BigUint::from(word ^ word >> 29) << (place * WORD);
        }
        let all = (&top << 1) - 1u32;
        let holes = &all - (BigUint::one() << (bits / 2)) - (BigUint::one() << (bits / 3));
        vec![&top + 1u32, top, all, holes, mixed]
    }

    #[test]
    fn quotients_are_those_of_the_plain_method() {
        let words = [1, FEW, FEW + 1, 2 * FEW, 2 * FEW + 1, 3 * FEW + 7, 4 * FEW, 5 * FEW + 3];
        let sizes: Vec<u64> = words.iter().flat_map(|&n| [n * WORD - 1, n * WORD, n * WORD + 1]).collect();
        for &of_divisor in &sizes {
            for b in numbers(of_divisor) {
                for &more in &sizes {
                    for a in numbers(of_divisor + more) {
                        assert_eq!(div_rem(&a, &b), a.div_rem(&b), "{of_divisor} and {more} more bits");
                    }
                }
                let product = &b * &b;
                assert_eq!(div_rem(&(&product - 1u32), &b), (&b - 1u32, &b - 1u32));
            }
        }
    }

    #[test]
    fn quotients_are_floors() {
        let a = BigInt::from(7).pow(2000);
        let b = BigInt::from(5).pow(900) + 2;
        for (a, b) in [(&a, &b), (&-&a, &b), (&a, &-&b), (&-&a, &-&b), (&(&a * &b), &-&b)] {
            assert_eq!(div_mod_floor(a, b), a.div_mod_floor(b));
        }
    }

    #[test]
    fn roots_leave_no_more_than_twice_themselves() {
        for bits in (5..300).chain([1000, 4095, 4096, 4097, 9999]) {
            for n in numbers(bits) {
                for n in [&n * &n, &n * &n - 1u32, n] {
                    let (root, rest) = sqrt_rem(&n);
                    assert_eq!(&root * &root + &rest, n);
                    assert!(rest <= root << 1, "{bits} bits");
                }
            }
        }
    }
}
