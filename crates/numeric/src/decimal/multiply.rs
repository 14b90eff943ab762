//! Multiplication of natural numbers: by columns, by halves (Karatsuba), and by transforms modulo two primes.
//!
//! Invariant: a column of the plain method sums at most `COLUMN` products, so that the sum fits 128 bits.

use super::limbs::{BASE, Divisor, add_in, carry, sub_in, trim, trimmed};

/// Where halving begins to pay.
const HALVES: usize = 48;
/// Where transforms begin to pay.
const TRANSFORM: usize = 1200;
/// How many products a column may have.
const COLUMN: usize = 256;

/// `a * b`
pub fn mul(a: &[u64], b: &[u64]) -> Vec<u64> {
    let (a, b) = (trimmed(a), trimmed(b));
    let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    if short.is_empty() {
        return Vec::new();
    }
    let mut out = vec![0; long.len() + short.len()];
    product(long, short, &mut out);
    trim(&mut out);
    out
}

/// Writes the product of two numbers, the first at least as long, over `out`.
fn product(long: &[u64], short: &[u64], out: &mut [u64]) {
    if short.len() < HALVES {
        columns(long, short, out);
    } else if short.len() >= TRANSFORM && long.len() < 4 * short.len() {
        transform::product(long, short, out);
    } else if long.len() >= 2 * short.len() {
        out.fill(0);
        let mut part = vec![0; 2 * short.len()];
        for (i, piece) in long.chunks(short.len()).enumerate() {
            let part = &mut part[..piece.len() + short.len()];
            if piece.len() >= short.len() {
                product(piece, short, part)
            } else {
                product(short, piece, part)
            }
            add_in(&mut out[i * short.len()..], part);
        }
    } else {
        halves(long, short, out);
    }
}

fn columns(long: &[u64], short: &[u64], out: &mut [u64]) {
    debug_assert!(short.len() <= COLUMN);
    if short.is_empty() {
        out.fill(0);
        return;
    }
    let (n, m) = (long.len(), short.len());
    let mut sum: u128 = 0;
    for (k, limb) in out[..n + m - 1].iter_mut().enumerate() {
        let from = (k + 1).saturating_sub(m);
        let to = k.min(n - 1);
        let factors = &short[k - to..=k - from];
        for (&x, &y) in long[from..=to].iter().zip(factors.iter().rev()) {
            sum += u128::from(x) * u128::from(y);
        }
        (sum, *limb) = carry(sum);
    }
    out[n + m - 1] = sum as u64;
    for limb in &mut out[n + m..] {
        *limb = 0;
    }
}

/// The sum of two slices, with one limb more than the longer.
fn sum(a: &[u64], b: &[u64]) -> Vec<u64> {
    let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    let mut out = Vec::with_capacity(long.len() + 1);
    out.extend_from_slice(long);
    out.push(0);
    add_in(&mut out, short);
    out
}

fn halves(long: &[u64], short: &[u64], out: &mut [u64]) {
    let half = long.len().div_ceil(2);
    if short.len() <= half {
        // The upper half of the shorter number is empty.
        let (low, high) = long.split_at(half);
        out.fill(0);
        product(low, short, &mut out[..half + short.len()]);
        let mut upper = vec![0; high.len() + short.len()];
        if high.len() >= short.len() {
            product(high, short, &mut upper)
        } else {
            product(short, high, &mut upper)
        }
        add_in(&mut out[half..], &upper);
        return;
    }
    let ((a0, a1), (b0, b1)) = (long.split_at(half), short.split_at(half));
    let (low, high) = out.split_at_mut(2 * half);
    product(a0, b0, low);
    product(a1, b1, high);
    let (x, y) = (sum(a0, a1), sum(b0, b1));
    let mut middle = vec![0; x.len() + y.len()];
    product(&x, &y, &mut middle);
    sub_in(&mut middle, low);
    sub_in(&mut middle, high);
    add_in(&mut out[half..], trimmed(&middle));
}

/// Multiplication by number theoretic transforms.
mod transform {
    use super::*;

    /// A prime with a large power of two below it, in Montgomery's form.
    struct Prime {
        p: u64,
        /// `-1 / p` modulo 2^64.
        inverse: u64,
        /// 2^128 modulo `p`.
        square: u64,
        generator: u64,
    }

    const fn prime(p: u64, generator: u64) -> Prime {
        let mut inverse = 1u64;
        let mut i = 0;
        while i < 6 {
            inverse = inverse.wrapping_mul(2u64.wrapping_sub(p.wrapping_mul(inverse)));
            i += 1;
        }
        let r = (u128::MAX % p as u128 + 1) % p as u128;
        Prime { p, inverse: inverse.wrapping_neg(), square: r as u64, generator }
    }

    const FIRST: Prime = prime(4_179_340_454_199_820_289, 3);
    const SECOND: Prime = prime(1_945_555_039_024_054_273, 5);

    impl Prime {
        #[inline(always)]
        fn reduce(&self, n: u128) -> u64 {
            let m = (n as u64).wrapping_mul(self.inverse);
            let sum = (n + u128::from(m) * u128::from(self.p)) >> 64;
            let sum = sum as u64;
            if sum >= self.p { sum - self.p } else { sum }
        }

        #[inline(always)]
        fn mul(&self, a: u64, b: u64) -> u64 {
            self.reduce(u128::from(a) * u128::from(b))
        }

        fn enter(&self, a: u64) -> u64 {
            self.mul(a % self.p, self.square)
        }

        fn power(&self, mut base: u64, mut exponent: u64) -> u64 {
            let mut result = self.enter(1);
            while exponent != 0 {
                if exponent & 1 == 1 {
                    result = self.mul(result, base);
                }
                base = self.mul(base, base);
                exponent >>= 1;
            }
            result
        }

        #[inline(always)]
        fn add(&self, a: u64, b: u64) -> u64 {
            let sum = a + b;
            if sum >= self.p { sum - self.p } else { sum }
        }

        #[inline(always)]
        fn sub(&self, a: u64, b: u64) -> u64 {
            if a >= b { a - b } else { a + self.p - b }
        }

        /// The powers of a primitive root of unity of order `n`, half of them.
        fn roots(&self, n: usize, backwards: bool) -> Vec<u64> {
            let order = (self.p - 1) / n as u64;
            let exponent = if backwards { self.p - 1 - order } else { order };
            let root = self.power(self.enter(self.generator), exponent);
            let mut powers = Vec::with_capacity(n / 2);
            let mut power = self.enter(1);
            for _ in 0..n / 2 {
                powers.push(power);
                power = self.mul(power, root);
            }
            powers
        }

        /// Decimation in frequency: the result is in bit-reversed order.
        fn forward(&self, a: &mut [u64]) {
            let roots = self.roots(a.len(), false);
            let (mut length, mut step) = (a.len(), 1);
            while length > 1 {
                let half = length / 2;
                for block in a.chunks_exact_mut(length) {
                    let (low, high) = block.split_at_mut(half);
                    for ((x, y), root) in low.iter_mut().zip(high).zip(roots.iter().step_by(step)) {
                        let (u, v) = (*x, *y);
                        *x = self.add(u, v);
                        *y = self.mul(self.sub(u, v), *root);
                    }
                }
                length = half;
                step *= 2;
            }
        }

        /// Decimation in time, from bit-reversed order, without the division by the length.
        fn backward(&self, a: &mut [u64]) {
            let roots = self.roots(a.len(), true);
            let (mut length, mut step) = (2, a.len() / 2);
            while length <= a.len() {
                let half = length / 2;
                for block in a.chunks_exact_mut(length) {
                    let (low, high) = block.split_at_mut(half);
                    for ((x, y), root) in low.iter_mut().zip(high).zip(roots.iter().step_by(step)) {
                        let (u, v) = (*x, self.mul(*y, *root));
                        *x = self.add(u, v);
                        *y = self.sub(u, v);
                    }
                }
                length *= 2;
                step /= 2;
            }
        }

        /// The cyclic convolution of two sequences of nine-digit words, in plain form.
        fn convolve(&self, a: &[u64], b: &[u64], n: usize) -> Vec<u64> {
            let load = |limbs: &[u64]| {
                let mut words = Vec::with_capacity(n);
                for &limb in limbs {
                    words.push(self.enter(limb % HALF));
                    words.push(self.enter(limb / HALF));
                }
                words.resize(n, 0);
                words
            };
            let mut x = load(a);
            self.forward(&mut x);
            if std::ptr::eq(a, b) {
                for x in &mut x {
                    *x = self.mul(*x, *x);
                }
            } else {
                let mut y = load(b);
                self.forward(&mut y);
                for (x, y) in x.iter_mut().zip(&y) {
                    *x = self.mul(*x, *y);
                }
            }
            self.backward(&mut x);
            // Out of Montgomery's form and divided by the length, in one multiplication.
            let scale = self.reduce(self.power(self.enter(n as u64), self.p - 2).into());
            for x in &mut x {
                *x = self.mul(*x, scale);
            }
            x
        }
    }

    /// The base of words.
    const HALF: u64 = 1_000_000_000;

    pub(super) fn product(long: &[u64], short: &[u64], out: &mut [u64]) {
        const BY_HALF: Divisor = Divisor::new(HALF);
        debug_assert_eq!(HALF * HALF, BASE);
        let words = 2 * (long.len() + short.len());
        let n = words.next_power_of_two();
        let first = FIRST.convolve(long, short, n);
        let second = SECOND.convolve(long, short, n);
        // Chinese remainders: r1 + p1 * ((r2 - r1) / p1 modulo p2).
        let inverse = SECOND.power(SECOND.enter(FIRST.p), SECOND.p - 2);
        let mut over: u128 = 0;
        let mut word = |i: usize| {
            let (r1, r2) = (first[i], second[i]);
            let difference = SECOND.sub(r2, r1 % SECOND.p);
            let factor = SECOND.mul(difference, inverse);
            over += u128::from(r1) + u128::from(FIRST.p) * u128::from(factor);
            let (quotient, rest) = BY_HALF.div_rem(over);
            over = quotient.into();
            rest
        };
        for (i, limb) in out.iter_mut().enumerate() {
            let low = if 2 * i < words { word(2 * i) } else { 0 };
            let high = if 2 * i + 1 < words { word(2 * i + 1) } else { 0 };
            *limb = low + high * HALF;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(n: usize, mut seed: u64) -> Vec<u64> {
        let mut limbs: Vec<u64> = (0..n)
            .map(|_| {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                if seed.is_multiple_of(7) { BASE - 1 } else { (seed >> 3) % BASE }
            })
            .collect();
        if let Some(top) = limbs.last_mut() {
            *top |= 1;
        }
        limbs
    }

    #[test]
    fn the_methods_agree() {
        for (n, m) in [(1, 1), (48, 48), (97, 60), (150, 149), (200, 3), (300, 120), (256, 256), (131, 66)] {
            let (a, b) = (sample(n, 1), sample(m, 2));
            let mut plain = vec![0; n + m];
            let (long, short) = if n >= m { (&a, &b) } else { (&b, &a) };
            columns(long, short, &mut plain);
            let mut quick = vec![0; n + m];
            product(long, short, &mut quick);
            assert_eq!(plain, quick, "{n} by {m}");
            let mut transformed = vec![0; n + m];
            transform::product(long, short, &mut transformed);
            assert_eq!(plain, transformed, "{n} by {m}, transformed");
        }
    }
}
