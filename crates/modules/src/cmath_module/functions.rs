//! The elementary functions of complex numbers, after Kahan, with C99's values at zeros, infinities and NaNs.
//!
//! Invariant: `Err` says that C would have set `errno`; a result with a NaN or an infinity that the argument accounts for is no error.

use std::f64::consts::{E, FRAC_PI_2, FRAC_PI_4, LN_2, LN_10, PI};
use taipan_numeric::complex::Complex;

/// What C reports by `errno`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// EDOM
    Domain,
    /// ERANGE
    Range,
}

/// A function's result.
pub type Outcome = Result<Complex, Fault>;

const LARGE: f64 = f64::MAX / 4.0;
const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

fn log_large() -> f64 {
    LARGE.ln()
}

fn c(real: f64, imag: f64) -> Complex {
    Complex::new(real, imag)
}

fn finite(z: Complex) -> bool {
    z.real.is_finite() && z.imag.is_finite()
}

/// `i * z` without rounding or lost signs.
fn turned(z: Complex) -> Complex {
    c(-z.imag, z.real)
}

/// `-i * z`
fn turned_back(z: Complex) -> Complex {
    c(z.imag, -z.real)
}

fn in_range(z: Complex) -> Outcome {
    if z.real.is_infinite() || z.imag.is_infinite() { Err(Fault::Range) } else { Ok(z) }
}

/// The square root in the right half-plane.
pub fn sqrt(z: Complex) -> Outcome {
    let (x, y) = (z.real, z.imag);
    if !finite(z) {
        return Ok(if y.is_infinite() {
            c(INF, y)
        } else if x == INF {
            c(INF, if y.is_nan() { NAN } else { 0f64.copysign(y) })
        } else if x == -INF {
            if y.is_nan() { c(NAN, INF) } else { c(0.0, INF.copysign(y)) }
        } else {
            c(NAN, NAN)
        });
    }
    if x == 0.0 && y == 0.0 {
        return Ok(c(0.0, y));
    }
    let (ax, ay) = (x.abs(), y.abs());
    let s = if ax < f64::MIN_POSITIVE && ay < f64::MIN_POSITIVE {
        let ax = libm::ldexp(ax, 53 + 1);
        libm::ldexp((ax + ax.hypot(libm::ldexp(ay, 53 + 1))).sqrt(), -27) * 0.5f64.sqrt()
    } else {
        let ax = ax / 8.0;
        2.0 * (ax + ax.hypot(ay / 8.0)).sqrt()
    };
    let d = ay / (2.0 * s);
    Ok(if x >= 0.0 { c(s, d.copysign(y)) } else { c(d, s.copysign(y)) })
}

fn root(real: f64, imag: f64) -> Complex {
    sqrt(c(real, imag)).unwrap_or(c(NAN, NAN))
}

/// The logarithm of half the modulus, and what is missing of the whole one's.
fn log_of_large(z: Complex) -> f64 {
    (z.real / 2.0).hypot(z.imag / 2.0).ln()
}

/// Inverse cosine.
pub fn acos(z: Complex) -> Outcome {
    let (x, y) = (z.real, z.imag);
    if !finite(z) {
        return Ok(if y.is_infinite() {
            let real = match x {
                x if x.is_nan() => NAN,
                x if x == INF => FRAC_PI_4,
                x if x == -INF => 3.0 * FRAC_PI_4,
                _ => FRAC_PI_2,
            };
            c(real, -y)
        } else if x.is_infinite() {
            match (y.is_nan(), x > 0.0) {
                (true, _) => c(NAN, INF),
                (false, true) => c(0.0, -INF.copysign(y)),
                (false, false) => c(PI, -INF.copysign(y)),
            }
        } else if x == 0.0 {
            c(FRAC_PI_2, NAN)
        } else {
            c(NAN, NAN)
        });
    }
    if x.abs() > LARGE || y.abs() > LARGE {
        let size = log_of_large(z) + LN_2 * 2.0;
        let imag = if x < 0.0 { -size.copysign(y) } else { size.copysign(-y) };
        return Ok(c(y.abs().atan2(x), imag));
    }
    let (s1, s2) = (root(1.0 - x, -y), root(1.0 + x, y));
    Ok(c(2.0 * s1.real.atan2(s2.real), libm::asinh(s2.real * s1.imag - s2.imag * s1.real)))
}

/// Inverse hyperbolic cosine.
pub fn acosh(z: Complex) -> Outcome {
    let (x, y) = (z.real, z.imag);
    if !finite(z) {
        return Ok(if y.is_infinite() {
            let imag = match x {
                x if x.is_nan() => NAN,
                x if x == INF => FRAC_PI_4,
                x if x == -INF => 3.0 * FRAC_PI_4,
                _ => FRAC_PI_2,
            };
            c(INF, imag.copysign(y))
        } else if x.is_infinite() {
            match (y.is_nan(), x > 0.0) {
                (true, _) => c(INF, NAN),
                (false, true) => c(INF, 0f64.copysign(y)),
                (false, false) => c(INF, PI.copysign(y)),
            }
        } else if x == 0.0 {
            c(NAN, FRAC_PI_2)
        } else {
            c(NAN, NAN)
        });
    }
    if x.abs() > LARGE || y.abs() > LARGE {
        return Ok(c(log_of_large(z) + LN_2 * 2.0, y.atan2(x)));
    }
    let (s1, s2) = (root(x - 1.0, y), root(x + 1.0, y));
    Ok(c(libm::asinh(s1.real * s2.real + s1.imag * s2.imag), 2.0 * s1.imag.atan2(s2.real)))
}

/// Inverse hyperbolic sine.
pub fn asinh(z: Complex) -> Outcome {
    let (x, y) = (z.real, z.imag);
    if !finite(z) {
        return Ok(if x.is_infinite() {
            let imag = match y {
                y if y.is_nan() => NAN,
                y if y.is_infinite() => FRAC_PI_4.copysign(y),
                y => 0f64.copysign(y),
            };
            c(x, imag)
        } else if y.is_infinite() {
            if x.is_nan() { c(INF, NAN) } else { c(INF.copysign(x), FRAC_PI_2.copysign(y)) }
        } else if y == 0.0 {
            c(NAN, y)
        } else {
            c(NAN, NAN)
        });
    }
    if x.abs() > LARGE || y.abs() > LARGE {
        let size = log_of_large(z) + LN_2 * 2.0;
        return Ok(c(size.copysign(x), y.atan2(x.abs())));
    }
    let (s1, s2) = (root(1.0 + y, -x), root(1.0 - y, x));
    Ok(c(libm::asinh(s1.real * s2.imag - s2.real * s1.imag), y.atan2(s1.real * s2.real - s1.imag * s2.imag)))
}

/// Inverse sine.
pub fn asin(z: Complex) -> Outcome {
    asinh(turned(z)).map(turned_back)
}

/// Inverse hyperbolic tangent.
pub fn atanh(z: Complex) -> Outcome {
    let (x, y) = (z.real, z.imag);
    if !finite(z) {
        return Ok(if y.is_infinite() {
            c(0f64.copysign(x), FRAC_PI_2.copysign(y))
        } else if x.is_infinite() {
            c(0f64.copysign(x), if y.is_nan() { NAN } else { FRAC_PI_2.copysign(y) })
        } else if x == 0.0 {
            c(x, NAN)
        } else {
            c(NAN, NAN)
        });
    }
    if x.is_sign_negative() {
        return atanh(c(-x, -y)).map(|w| c(-w.real, -w.imag));
    }
    let ay = y.abs();
    let limit = LARGE.sqrt();
    if x > limit || ay > limit {
        let h = (x / 2.0).hypot(y / 2.0);
        return Ok(c(x / 4.0 / h / h, -FRAC_PI_2.copysign(-y)));
    }
    if x == 1.0 && ay < f64::MIN_POSITIVE.sqrt() {
        if ay == 0.0 {
            return Err(Fault::Domain);
        }
        return Ok(c(-(ay.sqrt() / ay.hypot(2.0).sqrt()).ln(), (2f64.atan2(-ay) / 2.0).copysign(y)));
    }
    let real = (4.0 * x / ((1.0 - x) * (1.0 - x) + ay * ay)).ln_1p() / 4.0;
    Ok(c(real, -(-2.0 * y).atan2((1.0 - x) * (1.0 + x) - ay * ay) / 2.0))
}

/// Inverse tangent.
pub fn atan(z: Complex) -> Outcome {
    atanh(turned(z)).map(turned_back)
}

/// The exponential.
pub fn exp(z: Complex) -> Outcome {
    let (x, y) = (z.real, z.imag);
    if !finite(z) {
        if y.is_infinite() && (x.is_finite() || x == INF) {
            return Err(Fault::Domain);
        }
        return Ok(if x == INF {
            if y == 0.0 {
                c(INF, y)
            } else if y.is_nan() {
                c(INF, NAN)
            } else {
                c(INF.copysign(y.cos()), INF.copysign(y.sin()))
            }
        } else if x == -INF {
            if y.is_finite() { c(0f64.copysign(y.cos()), 0f64.copysign(y.sin())) } else { c(0.0, 0.0) }
        } else if y == 0.0 {
            c(x, y)
        } else {
            c(NAN, NAN)
        });
    }
    let (size, rest) = if x > log_large() { ((x - 1.0).exp(), E) } else { (x.exp(), 1.0) };
    in_range(c(size * y.cos() * rest, size * y.sin() * rest))
}

/// Hyperbolic cosine.
pub fn cosh(z: Complex) -> Outcome {
    let (x, y) = (z.real, z.imag);
    if !finite(z) {
        if y.is_infinite() && !x.is_nan() {
            return Err(Fault::Domain);
        }
        return Ok(if x.is_infinite() {
            if y == 0.0 {
                c(INF, y * x.signum())
            } else if y.is_nan() {
                c(INF, NAN)
            } else {
                c(INF.copysign(y.cos()), INF.copysign(y.sin()) * x.signum())
            }
        } else if x == 0.0 || y == 0.0 {
            c(NAN, 0.0)
        } else {
            c(NAN, NAN)
        });
    }
    if x.abs() > log_large() {
        let less = x - 1f64.copysign(x);
        return in_range(c(y.cos() * less.cosh() * E, y.sin() * less.sinh() * E));
    }
    in_range(c(y.cos() * x.cosh(), y.sin() * x.sinh()))
}

/// Hyperbolic sine.
pub fn sinh(z: Complex) -> Outcome {
    let (x, y) = (z.real, z.imag);
    if !finite(z) {
        if y.is_infinite() && !x.is_nan() {
            return Err(Fault::Domain);
        }
        return Ok(if x.is_infinite() {
            if y == 0.0 {
                c(x, y)
            } else if y.is_nan() {
                c(x, NAN)
            } else {
                c(INF.copysign(y.cos()) * x.signum(), INF.copysign(y.sin()))
            }
        } else if x == 0.0 {
            c(x, NAN)
        } else if y == 0.0 {
            c(NAN, y)
        } else {
            c(NAN, NAN)
        });
    }
    if x.abs() > log_large() {
        let less = x - 1f64.copysign(x);
        return in_range(c(y.cos() * less.sinh() * E, y.sin() * less.cosh() * E));
    }
    in_range(c(y.cos() * x.sinh(), y.sin() * x.cosh()))
}

/// Hyperbolic tangent.
pub fn tanh(z: Complex) -> Outcome {
    let (x, y) = (z.real, z.imag);
    if !finite(z) {
        if y.is_infinite() && x.is_finite() {
            return Err(Fault::Domain);
        }
        return Ok(if x.is_infinite() {
            let imag = if y.is_finite() { 0f64.copysign(2.0 * y.sin() * y.cos()) } else { 0.0 };
            c(1f64.copysign(x), imag)
        } else if x == 0.0 {
            c(x, NAN)
        } else if y == 0.0 {
            c(NAN, y)
        } else {
            c(NAN, NAN)
        });
    }
    if x.abs() > log_large() {
        return Ok(c(1f64.copysign(x), 4.0 * y.sin() * y.cos() * (-2.0 * x.abs()).exp()));
    }
    let (tx, ty, cx) = (x.tanh(), y.tan(), 1.0 / x.cosh());
    let product = tx * ty;
    let below = 1.0 + product * product;
    Ok(c(tx * (1.0 + ty * ty) / below, ((ty / below) * cx) * cx))
}

/// Cosine.
pub fn cos(z: Complex) -> Outcome {
    cosh(turned(z))
}

/// Sine.
pub fn sin(z: Complex) -> Outcome {
    sinh(turned(z)).map(turned_back)
}

/// Tangent.
pub fn tan(z: Complex) -> Outcome {
    tanh(turned(z)).map(turned_back)
}

/// The natural logarithm; at zero the fault is C's, the value minus infinity.
pub fn log(z: Complex) -> Outcome {
    let (x, y) = (z.real, z.imag);
    if !finite(z) {
        return Ok(if x.is_infinite() || y.is_infinite() { c(INF, y.atan2(x)) } else { c(NAN, NAN) });
    }
    let (ax, ay) = (x.abs(), y.abs());
    let real = if ax > LARGE || ay > LARGE {
        log_of_large(z) + LN_2
    } else if ax < f64::MIN_POSITIVE && ay < f64::MIN_POSITIVE {
        if ax == 0.0 && ay == 0.0 {
            return Err(Fault::Domain);
        }
        libm::ldexp(ax, 53).hypot(libm::ldexp(ay, 53)).ln() - 53.0 * LN_2
    } else {
        let h = ax.hypot(ay);
        if (0.71..=1.73).contains(&h) {
            let (most, least) = (ax.max(ay), ax.min(ay));
            ((most - 1.0) * (most + 1.0) + least * least).ln_1p() / 2.0
        } else {
            h.ln()
        }
    };
    Ok(c(real, y.atan2(x)))
}

/// The logarithm to base ten.
pub fn log10(z: Complex) -> Outcome {
    log(z).map(|w| c(w.real / LN_10, w.imag / LN_10))
}

/// The number with this modulus and angle.
pub fn rect(r: f64, phi: f64) -> Outcome {
    if !r.is_finite() || !phi.is_finite() {
        if phi.is_infinite() && !r.is_nan() && r != 0.0 {
            return Err(Fault::Domain);
        }
        return Ok(if r.is_infinite() && phi.is_finite() && phi != 0.0 {
            let sign = r.signum();
            c(INF.copysign(phi.cos()) * sign, INF.copysign(phi.sin()) * sign)
        } else if r.is_infinite() {
            if phi == 0.0 { c(r, phi * r.signum()) } else { c(INF, NAN) }
        } else if r == 0.0 {
            c(0.0, 0.0)
        } else if r.is_nan() && phi == 0.0 {
            c(NAN, 0.0)
        } else {
            c(NAN, NAN)
        });
    }
    if phi == 0.0 {
        return Ok(c(r, r * phi));
    }
    Ok(c(r * phi.cos(), r * phi.sin()))
}
