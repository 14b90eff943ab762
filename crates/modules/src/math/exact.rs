//! Sums and norms that lose nothing to intermediate rounding.
//!
//! Invariant: the partial sums of `ExactSum` do not overlap, so their exact sum is the exact sum of what was added.

/// `fsum`: an exact sum of floats.
#[derive(Default)]
pub(super) struct ExactSum {
    partials: Vec<f64>,
    /// The sum of the infinities and NaNs.
    special: f64,
    /// Whether there was an infinity, and the sum of the infinities alone.
    infinities: Option<f64>,
}

impl ExactSum {
    /// Adds a number; `false` when finite numbers overflow.
    pub(super) fn add(&mut self, x: f64) -> bool {
        if !x.is_finite() {
            if x.is_infinite() {
                self.infinities = Some(self.infinities.unwrap_or(0.0) + x);
            }
            self.special += x;
            return true;
        }
        let mut x = x;
        let mut kept = 0;
        for at in 0..self.partials.len() {
            let mut y = self.partials[at];
            if x.abs() < y.abs() {
                std::mem::swap(&mut x, &mut y);
            }
            let high = x + y;
            let low = y - (high - x);
            if low != 0.0 {
                self.partials[kept] = low;
                kept += 1;
            }
            x = high;
        }
        self.partials.truncate(kept);
        if x != 0.0 {
            if !x.is_finite() {
                return false;
            }
            self.partials.push(x);
        }
        true
    }

    /// The sum rounded once, half to even; `None` for infinities of both signs.
    pub(super) fn finish(mut self) -> Option<f64> {
        if self.infinities.is_some_and(f64::is_nan) {
            return None;
        }
        if self.special != 0.0 {
            return Some(self.special);
        }
        let Some(mut high) = self.partials.pop() else { return Some(0.0) };
        let mut low = 0.0;
        while let Some(y) = self.partials.pop() {
            let x = high;
            high = x + y;
            low = y - (high - x);
            if low != 0.0 {
                break;
            }
        }
        // Halfway cases depend on the sign of what is left below.
        if let Some(&next) = self.partials.last()
            && ((low < 0.0 && next < 0.0) || (low > 0.0 && next > 0.0))
        {
            let y = low * 2.0;
            let x = high + y;
            if y == x - high {
                high = x;
            }
        }
        Some(high)
    }
}

fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let part = sum - a;
    (sum, (a - (sum - part)) + (b - part))
}

/// A sum of products in three floats.
#[derive(Default)]
pub(super) struct TripleSum {
    high: f64,
    low: f64,
    tiny: f64,
    plain: f64,
}

impl TripleSum {
    /// Adds `x * y`.
    pub(super) fn add_product(&mut self, x: f64, y: f64) {
        let product = x * y;
        let error = x.mul_add(y, -product);
        self.plain += product;
        let (high, first) = two_sum(self.high, product);
        let (low, second) = two_sum(self.low, error);
        let (low, third) = two_sum(low, first);
        (self.high, self.low) = (high, low);
        self.tiny += second + third;
    }

    /// The sum, rounded.
    pub(super) fn finish(self) -> f64 {
        let (sum, rest) = two_sum(self.high, self.low);
        let result = sum + (rest + self.tiny);
        if result.is_nan() { self.plain } else { result }
    }
}

/// The Euclidean norm.
pub(super) fn norm(values: &[f64]) -> f64 {
    if values.iter().any(|x| x.is_infinite()) {
        return f64::INFINITY;
    }
    let largest = values.iter().fold(0.0f64, |most, x| if x.is_nan() { f64::NAN } else { most.max(x.abs()) });
    if values.iter().any(|x| x.is_nan()) {
        return f64::NAN;
    }
    if largest == 0.0 || values.len() == 1 {
        return largest;
    }
    let exponent = libm::frexp(largest).1;
    let mut sum = TripleSum::default();
    for x in values {
        let scaled = libm::scalbn(*x, -exponent);
        sum.add_product(scaled, scaled);
    }
    let (high, low) = (sum.high, sum.low + sum.tiny);
    let root = (high + low).sqrt();
    let square = root * root;
    let error = root.mul_add(root, -square);
    let rest = ((high - square) - error) + low;
    libm::scalbn(root + rest / (2.0 * root), exponent)
}

/// `nextafter(x, y, steps=steps)`
pub(super) fn next_after(x: f64, y: f64, steps: u64) -> f64 {
    if x.is_nan() || y.is_nan() {
        return if x.is_nan() { x } else { y };
    }
    if steps == 0 {
        return x;
    }
    if x == y {
        return y;
    }
    if y == 0.0 && steps == 1 && x.abs() == f64::from_bits(1) {
        // A zero keeps the sign of where it comes from.
        return 0.0f64.copysign(x);
    }
    // Floats of one sign are ordered like their bits.
    const SIGN: u64 = 1 << 63;
    let (from, to) = (x.to_bits(), y.to_bits());
    let (from_magnitude, to_magnitude) = (from & !SIGN, to & !SIGN);
    if (from ^ to) & SIGN == 0 {
        let distance = from_magnitude.abs_diff(to_magnitude);
        if steps >= distance {
            return y;
        }
        let moved = if from_magnitude < to_magnitude { from + steps } else { from - steps };
        return f64::from_bits(moved);
    }
    if steps >= from_magnitude.saturating_add(to_magnitude) {
        return y;
    }
    if steps < from_magnitude {
        f64::from_bits((from & SIGN) | (from_magnitude - steps))
    } else {
        f64::from_bits((to & SIGN) | (steps - from_magnitude))
    }
}
