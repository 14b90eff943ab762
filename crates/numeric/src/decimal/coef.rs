//! `Coef`: a coefficient, in two words while it has at most 38 digits, in limbs beyond.
//!
//! Invariant: `Big` holds what `Small` cannot, so that equal coefficients are equal as Rust values.

use super::limbs::{self, Divisor, POW10, Rest};
use super::{divide, multiply};
use std::borrow::Cow;
use std::cmp::Ordering;

/// A natural number by its decimal digits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Coef {
    /// At most `SMALL_DIGITS` digits: the low and the high word.
    Small([u64; 2]),
    /// More digits, in limbs.
    Big(Vec<u64>),
}

/// Digits of a small coefficient.
pub const SMALL_DIGITS: usize = 38;

static WIDE_POW10: [u128; SMALL_DIGITS + 1] = {
    let mut table = [1; SMALL_DIGITS + 1];
    let mut i = 1;
    while i <= SMALL_DIGITS {
        table[i] = table[i - 1] * 10;
        i += 1;
    }
    table
};

static DIVISORS: [Divisor; 20] = {
    let mut table = [Divisor::new(1); 20];
    let mut i = 1;
    while i < 20 {
        table[i] = Divisor::new(POW10[i]);
        i += 1;
    }
    table
};

/// `10**n` for `n` up to 38.
#[inline]
pub fn pow10(n: usize) -> u128 {
    WIDE_POW10[n]
}

/// The number of digits; none for zero.
#[inline]
pub fn digits_u128(n: u128) -> usize {
    let guess = ((128 - n.leading_zeros()) as usize * 1233) >> 12;
    guess + usize::from(n >= WIDE_POW10[guess])
}

/// Quotient and remainder by `10**k`, for `k` up to 38.
#[inline]
fn split(n: u128, k: usize) -> (u128, u128) {
    if k < 20 {
        if let Ok(n) = u64::try_from(n) {
            let by = POW10[k];
            return ((n / by).into(), (n % by).into());
        }
        if (n >> 64) < u128::from(POW10[k]) {
            let (quotient, rest) = DIVISORS[k].div_rem(n);
            return (quotient.into(), rest.into());
        }
    }
    let quotient = n / WIDE_POW10[k];
    (quotient, n - quotient * WIDE_POW10[k])
}

impl From<u64> for Coef {
    fn from(n: u64) -> Coef {
        Coef::Small([n, 0])
    }
}

impl Coef {
    /// Zero.
    pub const ZERO: Coef = Coef::Small([0, 0]);
    /// One.
    pub const ONE: Coef = Coef::Small([1, 0]);

    /// A coefficient of at most 38 digits.
    #[inline]
    pub fn small(n: u128) -> Coef {
        debug_assert!(n < WIDE_POW10[SMALL_DIGITS]);
        Coef::Small([n as u64, (n >> 64) as u64])
    }

    /// Any number of 128 bits.
    #[inline]
    pub fn from_u128(n: u128) -> Coef {
        if n < WIDE_POW10[SMALL_DIGITS] { Coef::small(n) } else { Coef::Big(limbs::from_u128(n)) }
    }

    /// From trimmed limbs.
    pub fn from_limbs(limbs: Vec<u64>) -> Coef {
        match limbs::to_u128(&limbs) {
            Some(n) => Coef::small(n),
            None => Coef::Big(limbs),
        }
    }

    /// The number, if it is small.
    #[inline]
    pub fn as_small(&self) -> Option<u128> {
        match self {
            Coef::Small([low, high]) => Some(u128::from(*high) << 64 | u128::from(*low)),
            Coef::Big(_) => None,
        }
    }

    /// The limbs.
    pub fn limbs(&self) -> Cow<'_, [u64]> {
        match self {
            Coef::Small([low, high]) => Cow::Owned(limbs::from_u128(u128::from(*high) << 64 | u128::from(*low))),
            Coef::Big(limbs) => Cow::Borrowed(limbs),
        }
    }

    /// Bytes of memory behind the value.
    pub fn heap_bytes(&self) -> usize {
        match self {
            Coef::Small(_) => 0,
            Coef::Big(limbs) => limbs.capacity() * 8,
        }
    }

    /// Gives back what the limbs do not need.
    pub fn shrink(&mut self) {
        if let Coef::Big(limbs) = self {
            limbs.shrink_to_fit();
        }
    }

    /// Whether it is zero.
    #[inline]
    pub fn is_zero(&self) -> bool {
        matches!(self, Coef::Small([0, 0]))
    }

    /// Whether it is one.
    #[inline]
    pub fn is_one(&self) -> bool {
        matches!(self, Coef::Small([1, 0]))
    }

    /// Whether it is odd.
    #[inline]
    pub fn is_odd(&self) -> bool {
        match self {
            Coef::Small([low, _]) => low & 1 == 1,
            Coef::Big(limbs) => limbs[0] & 1 == 1,
        }
    }

    /// The number of digits; one for zero.
    #[inline]
    pub fn digits(&self) -> i64 {
        match self {
            Coef::Small([low, 0]) => limbs::limb_digits_or_one(*low) as i64,
            Coef::Small([low, high]) => digits_u128(u128::from(*high) << 64 | u128::from(*low)) as i64,
            Coef::Big(limbs) => limbs::digits(limbs) as i64,
        }
    }

    /// The last digit.
    #[inline]
    pub fn last_digit(&self) -> u64 {
        match self {
            Coef::Small([low, 0]) => low % 10,
            Coef::Small([low, high]) => ((u128::from(*high) << 64 | u128::from(*low)) % 10) as u64,
            Coef::Big(limbs) => limbs[0] % 10,
        }
    }

    /// The digit with weight `10**at`.
    pub fn digit(&self, at: i64) -> u64 {
        match self {
            _ if at >= self.digits() => 0,
            Coef::Small(_) => (self.as_small().unwrap_or(0) / WIDE_POW10[at as usize] % 10) as u64,
            Coef::Big(limbs) => {
                let at = at as usize;
                limbs[at / limbs::DIGITS] / POW10[at % limbs::DIGITS] % 10
            }
        }
    }

    /// How many zeros it ends in; none for zero.
    pub fn trailing_zeros(&self) -> i64 {
        match self {
            Coef::Small([low, 0]) => {
                let (mut n, mut count) = (*low, 0);
                while n != 0 && n % 10 == 0 {
                    n /= 10;
                    count += 1;
                }
                count
            }
            Coef::Small(_) => {
                let (mut n, mut count) = (self.as_small().unwrap_or(0), 0);
                loop {
                    let (quotient, rest) = split(n, 1);
                    if n == 0 || rest != 0 {
                        return count;
                    }
                    n = quotient;
                    count += 1;
                }
            }
            Coef::Big(limbs) => limbs::trailing_zeros(limbs) as i64,
        }
    }

    /// `self * 10**by`
    #[inline]
    pub fn shift_up(&self, by: i64) -> Coef {
        if by == 0 {
            return self.clone();
        }
        if let Some(n) = self.as_small() {
            if n == 0 {
                return Coef::ZERO;
            }
            if digits_u128(n) as i64 + by <= SMALL_DIGITS as i64 {
                return Coef::small(n * WIDE_POW10[by as usize]);
            }
        }
        Coef::from_limbs(limbs::shift_up(&self.limbs(), by as usize))
    }

    /// `self // 10**by`, and what was cut off.
    #[inline]
    pub fn shift_down(&self, by: i64) -> (Coef, Rest) {
        if by == 0 {
            return (self.clone(), Rest::None);
        }
        match self.as_small() {
            Some(0) => (Coef::ZERO, Rest::None),
            Some(_) if by > SMALL_DIGITS as i64 => (Coef::ZERO, Rest::Low),
            Some(n) => {
                let by = by as usize;
                let (quotient, rest) = split(n, by);
                let half = WIDE_POW10[by - 1] * 5;
                let cut = match rest.cmp(&half) {
                    _ if rest == 0 => Rest::None,
                    Ordering::Less => Rest::Low,
                    Ordering::Equal => Rest::Half,
                    Ordering::Greater => Rest::High,
                };
                (Coef::small(quotient), cut)
            }
            None => {
                let (limbs, rest) = limbs::shift_down(&self.limbs(), usize::try_from(by).unwrap_or(usize::MAX));
                (Coef::from_limbs(limbs), rest)
            }
        }
    }

    /// `self % 10**count`
    pub fn low_digits(&self, count: i64) -> Coef {
        match self.as_small() {
            Some(_) if count >= SMALL_DIGITS as i64 => self.clone(),
            Some(n) => Coef::small(split(n, count as usize).1),
            None => Coef::from_limbs(limbs::low_digits(&self.limbs(), usize::try_from(count).unwrap_or(usize::MAX))),
        }
    }

    /// `self + other`
    #[inline]
    pub fn add(&self, other: &Coef) -> Coef {
        if let (Some(a), Some(b)) = (self.as_small(), other.as_small()) {
            return Coef::from_u128(a + b);
        }
        let (a, b) = (self.limbs(), other.limbs());
        let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
        let mut sum = Vec::with_capacity(long.len() + 1);
        sum.extend_from_slice(&long);
        limbs::add_to(&mut sum, &short);
        Coef::from_limbs(sum)
    }

    /// `self - other`, which is not greater.
    #[inline]
    pub fn sub(&self, other: &Coef) -> Coef {
        if let (Some(a), Some(b)) = (self.as_small(), other.as_small()) {
            return Coef::small(a - b);
        }
        let mut difference = self.limbs().into_owned();
        limbs::sub_from(&mut difference, &other.limbs());
        Coef::from_limbs(difference)
    }

    /// `self * other`
    #[inline]
    pub fn mul(&self, other: &Coef) -> Coef {
        if let (Coef::Small([a, 0]), Coef::Small([b, 0])) = (self, other) {
            return Coef::from_u128(u128::from(*a) * u128::from(*b));
        }
        match (self, other) {
            (Coef::Big(long), Coef::Small([factor, 0])) | (Coef::Small([factor, 0]), Coef::Big(long))
                if *factor < limbs::BASE =>
            {
                let mut product = Vec::with_capacity(long.len() + 1);
                product.extend_from_slice(long);
                limbs::mul_limb(&mut product, *factor, 0);
                Coef::from_limbs(product)
            }
            (Coef::Big(a), Coef::Big(b)) if std::ptr::eq(self, other) => {
                debug_assert_eq!(a.len(), b.len());
                Coef::from_limbs(multiply::mul(a, a))
            }
            _ => {
                if let (Some(a), Some(b)) = (self.as_small(), other.as_small())
                    && let Some(product) = a.checked_mul(b)
                {
                    return Coef::from_u128(product);
                }
                Coef::from_limbs(multiply::mul(&self.limbs(), &other.limbs()))
            }
        }
    }

    /// Quotient and remainder; the divisor is not zero.
    pub fn div_rem(&self, other: &Coef) -> (Coef, Coef) {
        match (self, other) {
            (Coef::Small([a, 0]), Coef::Small([b, 0])) => ((a / b).into(), (a % b).into()),
            (Coef::Small(_), Coef::Small(_)) => {
                let (a, b) = (self.as_small().unwrap_or(0), other.as_small().unwrap_or(1));
                let quotient = a / b;
                (Coef::small(quotient), Coef::small(a - quotient * b))
            }
            (Coef::Small(_), Coef::Big(_)) => (Coef::ZERO, self.clone()),
            (Coef::Big(long), Coef::Small([divisor, 0])) if *divisor < limbs::BASE => {
                let mut quotient = long.clone();
                let rest = limbs::div_limb(&mut quotient, *divisor);
                (Coef::from_limbs(quotient), rest.into())
            }
            _ => {
                let (quotient, rest) = divide::div_rem(&self.limbs(), &other.limbs());
                (Coef::from_limbs(quotient), Coef::from_limbs(rest))
            }
        }
    }

    /// The integer square root, and whether it is exact.
    pub fn sqrt(&self) -> (Coef, bool) {
        let (root, exact) = divide::sqrt(&self.limbs());
        (Coef::from_limbs(root), exact)
    }

    /// `self + 1`
    #[inline]
    pub fn successor(&self) -> Coef {
        self.add(&Coef::ONE)
    }

    /// `10**n - 1`
    pub fn nines(n: i64) -> Coef {
        Coef::ONE.shift_up(n).sub(&Coef::ONE)
    }

    /// As an unsigned machine integer.
    pub fn to_u64(&self) -> Option<u64> {
        match self {
            Coef::Small([low, 0]) => Some(*low),
            _ => None,
        }
    }

    /// Appends the digits.
    pub fn push_digits(&self, out: &mut Vec<u8>) {
        match self.as_small() {
            Some(n) => {
                let start = out.len();
                let mut n = n;
                out.resize(start + digits_u128(n).max(1), b'0');
                let mut at = out.len();
                while n > u128::from(u64::MAX) {
                    let (quotient, rest) = split(n, 18);
                    let mut rest = rest as u64;
                    for digit in out[at - 18..at].iter_mut().rev() {
                        *digit = b'0' + (rest % 10) as u8;
                        rest /= 10;
                    }
                    at -= 18;
                    n = quotient;
                }
                let mut rest = n as u64;
                while rest != 0 {
                    at -= 1;
                    out[at] = b'0' + (rest % 10) as u8;
                    rest /= 10;
                }
            }
            None => limbs::push_digits(&self.limbs(), out),
        }
    }

    /// From ASCII digits, of which there may be none.
    pub fn from_digits(text: &[u8]) -> Coef {
        if text.len() <= 19 {
            return text.iter().fold(0u64, |n, &digit| n * 10 + u64::from(digit - b'0')).into();
        }
        if text.len() <= SMALL_DIGITS {
            return Coef::small(text.iter().fold(0u128, |n, &digit| n * 10 + u128::from(digit - b'0')));
        }
        Coef::from_limbs(limbs::from_digits(text))
    }
}

impl PartialOrd for Coef {
    fn partial_cmp(&self, other: &Coef) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Coef {
    fn cmp(&self, other: &Coef) -> Ordering {
        match (self, other) {
            (Coef::Small([a, b]), Coef::Small([c, d])) => (b, a).cmp(&(d, c)),
            (Coef::Small(_), Coef::Big(_)) => Ordering::Less,
            (Coef::Big(_), Coef::Small(_)) => Ordering::Greater,
            (Coef::Big(a), Coef::Big(b)) => limbs::cmp(a, b),
        }
    }
}
