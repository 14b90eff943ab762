//! The Gamma function and its logarithm, by Lanczos' approximation with the coefficients that give CPython's digits.
//!
//! Invariant: a pole answers `None`; overflow answers an infinity.

#![allow(clippy::excessive_precision)] // The constants are written as they were published.

use std::f64::consts::PI;

const G: f64 = 6.024_680_040_776_729_583_740_234_375;
const G_LESS_HALF: f64 = 5.524_680_040_776_729_583_740_234_375;
const LN_PI: f64 = 1.144_729_885_849_400_174_143_427_351_353_058_711_647;

const NUMERATOR: [f64; 13] = [
    23531376880.410759688572007674451636754734846804940,
    42919803642.649098768957899047001988850926355848959,
    35711959237.355668049440185451547166705960488635843,
    17921034426.037209699919755754458931112671403265390,
    6039542586.3520280050642916443072979210699388420708,
    1439720407.3117216736632230727949123939715485786372,
    248874557.86205415651146038641322942321632125127801,
    31426415.585400194380614231628318205362874684987640,
    2876370.6289353724412254090516208496135991145378768,
    186056.26539522349504029498971604569928220784236328,
    8071.6720023658162106380029022722506138218516325024,
    210.82427775157934587250973392071336271166969580291,
    2.5066282746310002701649081771338373386264310793408,
];

const DENOMINATOR: [f64; 13] = [
    0.0,
    39916800.0,
    120543840.0,
    150917976.0,
    105258076.0,
    45995730.0,
    13339535.0,
    2637558.0,
    357423.0,
    32670.0,
    1925.0,
    66.0,
    1.0,
];

/// Lanczos' sum for positive x, from the end that keeps the powers small.
fn lanczos_sum(x: f64) -> f64 {
    let terms = NUMERATOR.iter().zip(&DENOMINATOR);
    let (numerator, denominator) = if x < 5.0 {
        terms.rev().fold((0.0, 0.0), |(n, d), (a, b)| (n * x + a, d * x + b))
    } else {
        terms.fold((0.0, 0.0), |(n, d), (a, b)| (n / x + a, d / x + b))
    };
    numerator / denominator
}

/// `sin(pi * x)`, exact where it is zero.
fn sin_pi(x: f64) -> f64 {
    let y = x.abs() % 2.0;
    let part = match (2.0 * y).round() as i32 {
        0 => (PI * y).sin(),
        1 => (PI * (y - 0.5)).cos(),
        2 => (PI * (1.0 - y)).sin(),
        3 => -(PI * (y - 1.5)).cos(),
        _ => (PI * (y - 2.0)).sin(),
    };
    1.0f64.copysign(x) * part
}

/// `math.gamma`
pub(super) fn gamma(x: f64) -> Option<f64> {
    if x.is_nan() || x == f64::INFINITY {
        return Some(x);
    }
    if x == f64::NEG_INFINITY || x == 0.0 || (x == x.floor() && x < 0.0) {
        return None;
    }
    if x == x.floor() && x <= 23.0 {
        return Some((1..x as u64).map(|n| n as f64).product());
    }
    let magnitude = x.abs();
    if magnitude < 1e-20 {
        return Some(1.0 / x);
    }
    if magnitude > 200.0 {
        return Some(if x < 0.0 { 0.0 / sin_pi(x) } else { f64::INFINITY });
    }
    let y = magnitude + G_LESS_HALF;
    let z = if magnitude > G_LESS_HALF {
        let rounding = y - magnitude;
        rounding - G_LESS_HALF
    } else {
        let rounding = y - G_LESS_HALF;
        rounding - magnitude
    } * G
        / y;
    Some(if x < 0.0 {
        let mut result = -PI / sin_pi(magnitude) / magnitude * y.exp() / lanczos_sum(magnitude);
        result -= z * result;
        if magnitude < 140.0 {
            result / y.powf(magnitude - 0.5)
        } else {
            let root = y.powf(magnitude / 2.0 - 0.25);
            result / root / root
        }
    } else {
        let mut result = lanczos_sum(magnitude) / y.exp();
        result += z * result;
        if magnitude < 140.0 {
            result * y.powf(magnitude - 0.5)
        } else {
            let root = y.powf(magnitude / 2.0 - 0.25);
            result * root * root
        }
    })
}

/// `math.lgamma`
pub(super) fn lgamma(x: f64) -> Option<f64> {
    if !x.is_finite() {
        return Some(if x.is_nan() { x } else { f64::INFINITY });
    }
    if x == x.floor() && x <= 2.0 {
        return if x <= 0.0 { None } else { Some(0.0) };
    }
    let magnitude = x.abs();
    if magnitude < 1e-20 {
        return Some(-magnitude.ln());
    }
    let mut result = lanczos_sum(magnitude).ln() - G;
    result += (magnitude - 0.5) * ((magnitude + G - 0.5).ln() - 1.0);
    if x < 0.0 {
        result = LN_PI - sin_pi(magnitude).abs().ln() - magnitude.ln() - result;
    }
    Some(result)
}
