//! Division and square roots of natural numbers.
//!
//! Invariant: the divisors of the inner functions are normalised, their top limb at least half the base.

use super::limbs::{BASE, Divisor, add_in, cmp, div_limb, mul_limb, sub_from, sub_in, to_u128, trim, trimmed};
use super::multiply::mul;
use std::cmp::Ordering;

/// Where dividing by halves begins to pay.
const HALVES: usize = 80;

/// Quotient and remainder; the divisor is not zero.
pub fn div_rem(a: &[u64], b: &[u64]) -> (Vec<u64>, Vec<u64>) {
    let (a, b) = (trimmed(a), trimmed(b));
    if cmp(a, b) == Ordering::Less {
        return (Vec::new(), a.to_vec());
    }
    if b.len() == 1 {
        let mut quotient = a.to_vec();
        let rest = div_limb(&mut quotient, b[0]);
        return (quotient, if rest == 0 { Vec::new() } else { vec![rest] });
    }
    let scale = BASE / (b[b.len() - 1] + 1);
    let (mut x, mut y) = (a.to_vec(), b.to_vec());
    mul_limb(&mut x, scale, 0);
    mul_limb(&mut y, scale, 0);
    let quotient = if y.len() < HALVES || x.len() - y.len() < HALVES {
        x.push(0);
        plain(&mut x, &y)
    } else {
        by_blocks(&mut x, &y)
    };
    trim(&mut x);
    div_limb(&mut x, scale);
    (quotient, x)
}

/// Divides `a` by `b` in place, leaving the remainder; `a` has a spare limb on top that is less than `b`'s top.
fn plain(a: &mut Vec<u64>, b: &[u64]) -> Vec<u64> {
    let n = b.len();
    if a.len() <= n {
        return Vec::new();
    }
    let mut quotient = vec![0; a.len() - n];
    let (top, second) = (b[n - 1], b[n - 2]);
    let by = Divisor::new(top);
    for j in (0..quotient.len()).rev() {
        let high = u128::from(a[j + n]) * u128::from(BASE) + u128::from(a[j + n - 1]);
        // The estimate is at most two too great.
        let (mut guess, mut rest) = if a[j + n] >= top {
            (BASE - 1, (high - u128::from(BASE - 1) * u128::from(top)) as u64)
        } else {
            by.div_rem(high)
        };
        while rest < BASE
            && u128::from(guess) * u128::from(second) > u128::from(rest) * u128::from(BASE) + u128::from(a[j + n - 2])
        {
            guess -= 1;
            rest += top;
        }
        if guess != 0 && subtract_product(&mut a[j..=j + n], b, guess) {
            guess -= 1;
            add_in(&mut a[j..=j + n], b);
        }
        quotient[j] = guess;
    }
    trim(a);
    trim(&mut quotient);
    quotient
}

/// `a -= b * factor`; tells of a borrow.
fn subtract_product(a: &mut [u64], b: &[u64], factor: u64) -> bool {
    let mut over = 0;
    let (low, high) = a.split_at_mut(b.len());
    for (x, &y) in low.iter_mut().zip(b) {
        let (next, limb) = super::limbs::carry_small(u128::from(y) * u128::from(factor) + u128::from(over));
        let under = u64::from(*x < limb);
        *x = if under != 0 { *x + BASE - limb } else { *x - limb };
        over = next + under;
    }
    sub_in(high, &[over])
}

/// Burnikel and Ziegler: blocks as long as the divisor, each divided by halving.
fn by_blocks(a: &mut Vec<u64>, b: &[u64]) -> Vec<u64> {
    // The divisor's length becomes a power of two times something small.
    let mut unit = b.len();
    let mut doublings = 0;
    while unit >= HALVES {
        unit = unit.div_ceil(2);
        doublings += 1;
    }
    let n = unit << doublings;
    let pad = n - b.len();
    let mut divisor = vec![0; pad];
    divisor.extend_from_slice(b);
    let mut number = vec![0; pad];
    number.append(a);
    let blocks = number.len().div_ceil(n);
    number.resize(blocks * n, 0);
    let mut quotient = vec![0; blocks * n];
    let mut rest: Vec<u64> = Vec::new();
    for i in (0..blocks).rev() {
        let mut part = number[i * n..(i + 1) * n].to_vec();
        part.extend_from_slice(&rest);
        let (digits, left) = two_by_one(part, &divisor);
        quotient[i * n..i * n + digits.len()].copy_from_slice(&digits);
        rest = left;
    }
    trim(&mut quotient);
    *a = rest.get(pad..).map(<[u64]>::to_vec).unwrap_or_default();
    quotient
}

/// Divides a number of up to `2 n` limbs by one of `n`; the quotient fits `n` limbs. Results are trimmed.
fn two_by_one(mut a: Vec<u64>, b: &[u64]) -> (Vec<u64>, Vec<u64>) {
    let n = b.len();
    trim(&mut a);
    if cmp(&a, b) == Ordering::Less {
        return (Vec::new(), a);
    }
    if n % 2 == 1 || n < HALVES {
        a.push(0);
        let quotient = plain(&mut a, b);
        return (quotient, a);
    }
    let half = n / 2;
    let low = a[..half].to_vec();
    let (high, rest) = three_by_two(a[half..].to_vec(), b);
    let (mut quotient, rest) = three_by_two(joined(low, &rest, half), b);
    quotient.resize(half, 0);
    quotient.extend_from_slice(&high);
    trim(&mut quotient);
    (quotient, rest)
}

/// `high * BASE**at + low`
fn joined(mut low: Vec<u64>, high: &[u64], at: usize) -> Vec<u64> {
    low.resize(at, 0);
    low.extend_from_slice(high);
    trim(&mut low);
    low
}

/// Divides a number of up to three halves of `b`'s length by `b`.
fn three_by_two(a: Vec<u64>, b: &[u64]) -> (Vec<u64>, Vec<u64>) {
    let half = b.len() / 2;
    let (b_low, b_high) = b.split_at(half);
    let cut = half.min(a.len());
    let (low, upper) = (a[..cut].to_vec(), a[cut..].to_vec());
    let top = upper.get(half..).unwrap_or(&[]);
    let (mut quotient, rest) = if cmp(trimmed(top), b_high) == Ordering::Less {
        two_by_one(upper, b_high)
    } else {
        // The quotient would be too long: the largest there is, and what it leaves.
        let mut rest = upper;
        rest.push(0);
        sub_in(&mut rest[half..], b_high);
        add_in(&mut rest, b_high);
        trim(&mut rest);
        (vec![BASE - 1; half], rest)
    };
    let product = mul(&quotient, b_low);
    let mut rest = joined(low, &rest, half);
    while cmp(&rest, &product) == Ordering::Less {
        super::limbs::add_to(&mut rest, b);
        let one = [1];
        sub_from(&mut quotient, &one);
    }
    sub_from(&mut rest, &product);
    (quotient, rest)
}

/// The integer square root, and whether it is exact.
pub fn sqrt(a: &[u64]) -> (Vec<u64>, bool) {
    let a = trimmed(a);
    if let Some(small) = to_u128(a) {
        let root = small.isqrt();
        return (super::limbs::from_u128(root), root * root == small);
    }
    // Newton's method from above, on ever more of the number.
    let half = a.len().div_ceil(4);
    let skip = 2 * (a.len().div_ceil(2) - half).min(a.len().saturating_sub(1) / 2);
    let (mut guess, _) = sqrt(&a[skip..]);
    super::limbs::add_to(&mut guess, &[1]);
    let mut root = joined(Vec::new(), &guess, skip / 2);
    loop {
        let (mut next, _) = div_rem(a, &root);
        super::limbs::add_to(&mut next, &root);
        div_limb(&mut next, 2);
        if cmp(&next, &root) != Ordering::Less {
            break;
        }
        root = next;
    }
    let exact = cmp(&mul(&root, &root), a) == Ordering::Equal;
    (root, exact)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decimal::limbs::add_to;

    fn sample(n: usize, mut seed: u64) -> Vec<u64> {
        let mut limbs: Vec<u64> = (0..n)
            .map(|_| {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                match seed >> 61 {
                    0 => BASE - 1,
                    1 => 0,
                    _ => (seed >> 3) % BASE,
                }
            })
            .collect();
        if let Some(top) = limbs.last_mut() {
            *top |= 1;
        }
        limbs
    }

    #[test]
    fn quotients_multiply_back() {
        for (n, m) in [(3, 2), (5, 1), (90, 45), (300, 100), (500, 250), (401, 170), (1000, 81), (260, 259), (640, 160)]
        {
            for seed in 0..20 {
                let (a, b) = (sample(n, seed), sample(m, seed + 77));
                let (quotient, rest) = div_rem(&a, &b);
                assert!(cmp(&rest, &b) == Ordering::Less, "{n} by {m}");
                let mut back = mul(&quotient, &b);
                add_to(&mut back, &rest);
                assert_eq!(back, a, "{n} by {m}, seed {seed}");
            }
        }
    }

    #[test]
    fn roots() {
        for n in [1, 2, 3, 4, 5, 6, 7, 9, 40, 101] {
            for seed in 0..20 {
                let a = sample(n, seed);
                let (root, exact) = sqrt(&a);
                assert_eq!(exact, mul(&root, &root) == a);
                assert!(cmp(&mul(&root, &root), &a) != Ordering::Greater);
                let mut next = root.clone();
                add_to(&mut next, &[1]);
                assert!(cmp(&mul(&next, &next), &a) == Ordering::Greater);
                assert_eq!(sqrt(&mul(&a, &a)), (a, true));
            }
        }
    }
}
