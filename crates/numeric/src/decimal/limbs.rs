//! Natural numbers in decimal limbs: slices of digits in base 10^18, the least significant first.
//!
//! Invariant: a number has no zero limbs at its top (zero has none at all) and every limb is below `BASE`.

use std::cmp::Ordering;

/// The base of limbs.
pub const BASE: u64 = 1_000_000_000_000_000_000;
/// Decimal digits in a limb.
pub const DIGITS: usize = 18;

/// Powers of ten that fit 64 bits.
pub static POW10: [u64; 20] = {
    let mut table = [1; 20];
    let mut i = 1;
    while i < 20 {
        table[i] = table[i - 1] * 10;
        i += 1;
    }
    table
};

/// Division of two-word numbers by one divisor, through its reciprocal (Möller and Granlund's method).
#[derive(Clone, Copy)]
pub struct Divisor {
    normal: u64,
    reciprocal: u64,
    shift: u32,
}

impl Divisor {
    /// Prepares for division by `divisor`, which is not zero.
    pub const fn new(divisor: u64) -> Divisor {
        let shift = divisor.leading_zeros();
        let normal = divisor << shift;
        Divisor { normal, reciprocal: (u128::MAX / normal as u128) as u64, shift }
    }

    /// Quotient and remainder; the quotient has to fit 64 bits.
    #[inline(always)]
    pub const fn div_rem(&self, n: u128) -> (u64, u64) {
        let n = n << self.shift;
        let (high, low) = ((n >> 64) as u64, n as u64);
        let product = (self.reciprocal as u128 * high as u128).wrapping_add(n);
        let mut quotient = ((product >> 64) as u64).wrapping_add(1);
        let mut rest = low.wrapping_sub(quotient.wrapping_mul(self.normal));
        if rest > product as u64 {
            quotient = quotient.wrapping_sub(1);
            rest = rest.wrapping_add(self.normal);
        }
        if rest >= self.normal {
            quotient = quotient.wrapping_add(1);
            rest -= self.normal;
        }
        (quotient, rest >> self.shift)
    }
}

const BY_BASE: Divisor = Divisor::new(BASE);

/// Splits a number into what goes to the next limb and the limb.
#[inline(always)]
pub fn carry(n: u128) -> (u128, u64) {
    let (high, low) = ((n >> 64) as u64, n as u64);
    let (above, rest) = (high / BASE, high % BASE);
    let (quotient, limb) = BY_BASE.div_rem((rest as u128) << 64 | low as u128);
    ((above as u128) << 64 | quotient as u128, limb)
}

/// As `carry`, for numbers below `BASE << 64`.
#[inline(always)]
pub fn carry_small(n: u128) -> (u64, u64) {
    BY_BASE.div_rem(n)
}

/// Takes the zero limbs off the top.
#[inline]
pub fn trim(a: &mut Vec<u64>) {
    while a.last() == Some(&0) {
        a.pop();
    }
}

/// The slice without its zero limbs at the top.
#[inline]
pub fn trimmed(mut a: &[u64]) -> &[u64] {
    while let Some((0, rest)) = a.split_last() {
        a = rest;
    }
    a
}

/// The number of decimal digits of a limb that is not zero.
#[inline]
pub fn limb_digits(limb: u64) -> usize {
    // 1233 / 4096 is a little more than log10(2).
    let guess = ((64 - limb.leading_zeros()) as usize * 1233) >> 12;
    guess + usize::from(limb >= POW10[guess])
}

/// As `limb_digits`, one for zero.
#[inline]
pub fn limb_digits_or_one(limb: u64) -> usize {
    limb_digits(limb | u64::from(limb == 0))
}

/// The number of decimal digits; none for zero.
pub fn digits(a: &[u64]) -> usize {
    match a.last() {
        Some(&top) => (a.len() - 1) * DIGITS + limb_digits(top),
        None => 0,
    }
}

/// Compares two numbers.
pub fn cmp(a: &[u64], b: &[u64]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.iter().rev().cmp(b.iter().rev()))
}

/// `a += b`
pub fn add_to(a: &mut Vec<u64>, b: &[u64]) {
    if a.len() < b.len() {
        a.resize(b.len(), 0);
    }
    if add_in(a, b) {
        a.push(1);
    }
}

/// Adds `b` to the slice, which is at least as long; tells of a carry out of it.
pub fn add_in(a: &mut [u64], b: &[u64]) -> bool {
    let mut over = 0;
    let (low, high) = a.split_at_mut(b.len());
    for (x, y) in low.iter_mut().zip(b) {
        let sum = *x + *y + over;
        over = u64::from(sum >= BASE);
        *x = if sum >= BASE { sum - BASE } else { sum };
    }
    for x in high {
        if over == 0 {
            return false;
        }
        *x += 1;
        if *x == BASE {
            *x = 0;
        } else {
            over = 0;
        }
    }
    over != 0
}

/// Subtracts `b` from the slice, which is at least as long; tells of a borrow out of it.
pub fn sub_in(a: &mut [u64], b: &[u64]) -> bool {
    let mut under = 0;
    let (low, high) = a.split_at_mut(b.len());
    for (x, y) in low.iter_mut().zip(b) {
        let take = *y + under;
        under = u64::from(*x < take);
        *x = if under != 0 { *x + BASE - take } else { *x - take };
    }
    for x in high {
        if under == 0 {
            return false;
        }
        if *x == 0 {
            *x = BASE - 1;
        } else {
            *x -= 1;
            under = 0;
        }
    }
    under != 0
}

/// `a -= b`, where `b` is not greater.
pub fn sub_from(a: &mut Vec<u64>, b: &[u64]) {
    sub_in(a, b);
    trim(a);
}

/// `a * b + add`, for a factor and a summand of one limb (of 64 bits, even).
pub fn mul_limb(a: &mut Vec<u64>, factor: u64, add: u64) {
    let mut over = add;
    for x in a.iter_mut() {
        let (next, limb) = carry_small(u128::from(*x) * u128::from(factor) + u128::from(over));
        *x = limb;
        over = next;
    }
    while over != 0 {
        a.push(over % BASE);
        over /= BASE;
    }
    trim(a);
}

/// Divides by one limb in place; gives the remainder.
pub fn div_limb(a: &mut Vec<u64>, divisor: u64) -> u64 {
    let by = Divisor::new(divisor);
    let mut rest = 0;
    for x in a.iter_mut().rev() {
        (*x, rest) = by.div_rem(u128::from(rest) * u128::from(BASE) + u128::from(*x));
    }
    trim(a);
    rest
}

/// The limbs of a number.
pub fn from_u128(mut n: u128) -> Vec<u64> {
    let mut limbs = Vec::with_capacity(3);
    while n != 0 {
        let (next, limb) = carry(n);
        limbs.push(limb);
        n = next;
    }
    limbs
}

/// The number, if it has at most 38 digits.
pub fn to_u128(a: &[u64]) -> Option<u128> {
    match *a {
        [] => Some(0),
        [a] => Some(a.into()),
        [a, b] => Some(u128::from(b) * u128::from(BASE) + u128::from(a)),
        [a, b, c] if c < 100 => {
            Some((u128::from(c) * u128::from(BASE) + u128::from(b)) * u128::from(BASE) + u128::from(a))
        }
        _ => None,
    }
}

/// `a * 10**by`
pub fn shift_up(a: &[u64], by: usize) -> Vec<u64> {
    if a.is_empty() {
        return Vec::new();
    }
    let (limbs, digits) = (by / DIGITS, by % DIGITS);
    let mut out = Vec::with_capacity(limbs + a.len() + 1);
    out.resize(limbs, 0);
    if digits == 0 {
        out.extend_from_slice(a);
        return out;
    }
    let (up, down) = (POW10[digits], POW10[DIGITS - digits]);
    let mut over = 0;
    for &x in a {
        let (high, low) = (x / down, x % down);
        out.push(low * up + over);
        over = high;
    }
    if over != 0 {
        out.push(over);
    }
    out
}

/// What is cut off below a digit: nothing, less than half a unit, half, or more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rest {
    /// Nothing.
    None,
    /// Less than half.
    Low,
    /// Exactly half.
    Half,
    /// More than half.
    High,
}

impl Rest {
    /// From the highest digit cut off, and whether anything but zeros follows.
    #[inline]
    pub fn of(digit: u64, more: bool) -> Rest {
        match digit {
            0 if !more => Rest::None,
            0..=4 => Rest::Low,
            5 if !more => Rest::Half,
            _ => Rest::High,
        }
    }
}

/// `a // 10**by`, and what was cut off.
pub fn shift_down(a: &[u64], by: usize) -> (Vec<u64>, Rest) {
    if by == 0 {
        return (a.to_vec(), Rest::None);
    }
    let (limbs, digits) = (by / DIGITS, by % DIGITS);
    if limbs >= a.len() {
        // All goes; the highest digit cut off is one of the number if it has as many digits.
        let rest = match self::digits(a) {
            0 => Rest::None,
            n if n == by => {
                let at = POW10[(n - 1) % DIGITS];
                let top = a[a.len() - 1];
                Rest::of(top / at, !top.is_multiple_of(at) || a[..a.len() - 1].iter().any(|&x| x != 0))
            }
            _ => Rest::Low,
        };
        return (Vec::new(), rest);
    }
    let below = |n: usize| a[..n].iter().any(|&x| x != 0);
    if digits == 0 {
        let last = a[limbs - 1];
        let at = POW10[DIGITS - 1];
        return (a[limbs..].to_vec(), Rest::of(last / at, !last.is_multiple_of(at) || below(limbs - 1)));
    }
    let (down, up) = (POW10[digits], POW10[DIGITS - digits]);
    let cut = a[limbs] % down;
    let at = POW10[digits - 1];
    let rest = Rest::of(cut / at, !cut.is_multiple_of(at) || below(limbs));
    let mut out = Vec::with_capacity(a.len() - limbs);
    for i in limbs..a.len() {
        let above = a.get(i + 1).map_or(0, |x| x % down);
        out.push(a[i] / down + above * up);
    }
    trim(&mut out);
    (out, rest)
}

/// `a % 10**count`
pub fn low_digits(a: &[u64], count: usize) -> Vec<u64> {
    let (limbs, digits) = (count / DIGITS, count % DIGITS);
    if limbs >= a.len() {
        return a.to_vec();
    }
    let mut out = a[..limbs].to_vec();
    out.push(a[limbs] % POW10[digits]);
    trim(&mut out);
    out
}

/// How many zeros the number ends in; none for zero.
pub fn trailing_zeros(a: &[u64]) -> usize {
    let Some(at) = a.iter().position(|&x| x != 0) else { return 0 };
    let (mut limb, mut count) = (a[at], at * DIGITS);
    while limb % 10 == 0 {
        limb /= 10;
        count += 1;
    }
    count
}

/// The digits as text.
pub fn push_digits(a: &[u64], out: &mut Vec<u8>) {
    let Some((&top, rest)) = a.split_last() else {
        out.push(b'0');
        return;
    };
    let start = out.len();
    out.resize(start + limb_digits(top) + rest.len() * DIGITS, b'0');
    let mut end = out.len();
    for &limb in rest {
        write_limb(&mut out[end - DIGITS..end], limb);
        end -= DIGITS;
    }
    write_limb(&mut out[start..end], top);
}

/// Writes the digits of a limb right-aligned over zeros.
fn write_limb(out: &mut [u8], limb: u64) {
    crate::write_decimal(limb, out);
}

/// A number from text of ASCII digits.
pub fn from_digits(text: &[u8]) -> Vec<u64> {
    let mut limbs: Vec<u64> =
        text.rchunks(DIGITS).map(|part| part.iter().fold(0, |n, &digit| n * 10 + u64::from(digit - b'0'))).collect();
    trim(&mut limbs);
    limbs
}
