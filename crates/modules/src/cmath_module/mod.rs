//! `cmath`: functions of complex numbers.
//!
//! Invariant: faults become ValueError (domain) or OverflowError (range), whatever the function.

mod functions;

pub use module::spec;

use functions::{Fault, Outcome};
use taipan_heap::{Ref, Value};
use taipan_macros::pymodule;
use taipan_numeric::complex::{self as algorithms, Complex};
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{complex, float};
use taipan_objects::vm::{PyResult, Raised, Vm};

fn number(vm: &Vm, value: &Value) -> PyResult<Complex> {
    match complex::from_object(vm, value)? {
        Some(number) => Ok(number),
        None => {
            let given = vm.type_name(value);
            Err(vm.type_error(format!("must be real number, not {given}")))
        }
    }
}

#[cold]
fn fault(vm: &Vm, fault: Fault) -> Raised {
    match fault {
        Fault::Domain => vm.value_error("math domain error"),
        Fault::Range => vm.overflow_error("math range error"),
    }
}

fn give(vm: &Vm, outcome: Outcome) -> PyResult<Value> {
    match outcome {
        Ok(z) => complex::new(vm, z.real, z.imag),
        Err(error) => Err(fault(vm, error)),
    }
}

fn apply(vm: &Vm, z: &Value, function: fn(Complex) -> Outcome) -> PyResult<Value> {
    give(vm, function(number(vm, z)?))
}

/// This module provides access to mathematical functions for complex
/// numbers.
#[pymodule(name = "cmath")]
mod module {
    use super::*;

    #[constant(name = "pi")]
    const PI: f64 = std::f64::consts::PI;
    #[constant(name = "e")]
    const E: f64 = std::f64::consts::E;
    #[constant(name = "tau")]
    const TAU: f64 = std::f64::consts::TAU;
    #[constant(name = "inf")]
    const INF: f64 = f64::INFINITY;
    #[constant(name = "nan")]
    const NAN: f64 = f64::NAN;

    #[constant(name = "infj")]
    fn infj(vm: &Vm) -> PyResult<Value> {
        complex::new(vm, 0.0, f64::INFINITY)
    }

    #[constant(name = "nanj")]
    fn nanj(vm: &Vm) -> PyResult<Value> {
        complex::new(vm, 0.0, f64::NAN)
    }

    /// Return the arc cosine of z.
    #[function(sig = "z, /")]
    fn acos(vm: &Vm, z: &Value) -> PyResult<Value> {
        apply(vm, z, functions::acos)
    }

    /// Return the inverse hyperbolic cosine of z.
    #[function(sig = "z, /")]
    fn acosh(vm: &Vm, z: &Value) -> PyResult<Value> {
        apply(vm, z, functions::acosh)
    }

    /// Return the arc sine of z.
    #[function(sig = "z, /")]
    fn asin(vm: &Vm, z: &Value) -> PyResult<Value> {
        apply(vm, z, functions::asin)
    }

    /// Return the inverse hyperbolic sine of z.
    #[function(sig = "z, /")]
    fn asinh(vm: &Vm, z: &Value) -> PyResult<Value> {
        apply(vm, z, functions::asinh)
    }

    /// Return the arc tangent of z.
    #[function(sig = "z, /")]
    fn atan(vm: &Vm, z: &Value) -> PyResult<Value> {
        apply(vm, z, functions::atan)
    }

    /// Return the inverse hyperbolic tangent of z.
    #[function(sig = "z, /")]
    fn atanh(vm: &Vm, z: &Value) -> PyResult<Value> {
        apply(vm, z, functions::atanh)
    }

    /// Return the cosine of z.
    #[function(sig = "z, /")]
    fn cos(vm: &Vm, z: &Value) -> PyResult<Value> {
        apply(vm, z, functions::cos)
    }

    /// Return the hyperbolic cosine of z.
    #[function(sig = "z, /")]
    fn cosh(vm: &Vm, z: &Value) -> PyResult<Value> {
        apply(vm, z, functions::cosh)
    }

    /// Return the exponential value e**z.
    #[function(sig = "z, /")]
    fn exp(vm: &Vm, z: &Value) -> PyResult<Value> {
        apply(vm, z, functions::exp)
    }

    /// Return the base-10 logarithm of z.
    #[function(sig = "z, /")]
    fn log10(vm: &Vm, z: &Value) -> PyResult<Value> {
        apply(vm, z, functions::log10)
    }

    /// Return the sine of z.
    #[function(sig = "z, /")]
    fn sin(vm: &Vm, z: &Value) -> PyResult<Value> {
        apply(vm, z, functions::sin)
    }

    /// Return the hyperbolic sine of z.
    #[function(sig = "z, /")]
    fn sinh(vm: &Vm, z: &Value) -> PyResult<Value> {
        apply(vm, z, functions::sinh)
    }

    /// Return the square root of z.
    #[function(sig = "z, /")]
    fn sqrt(vm: &Vm, z: &Value) -> PyResult<Value> {
        apply(vm, z, functions::sqrt)
    }

    /// Return the tangent of z.
    #[function(sig = "z, /")]
    fn tan(vm: &Vm, z: &Value) -> PyResult<Value> {
        apply(vm, z, functions::tan)
    }

    /// Return the hyperbolic tangent of z.
    #[function(sig = "z, /")]
    fn tanh(vm: &Vm, z: &Value) -> PyResult<Value> {
        apply(vm, z, functions::tanh)
    }

    /// log(z[, base]) -> the logarithm of z to the given base.
    ///
    /// If the base is not specified, returns the natural logarithm (base e) of z.
    #[function]
    fn log(vm: &Vm, z: &Value, base: Option<&Value>) -> PyResult<Value> {
        let top = functions::log(number(vm, z)?);
        let Some(base) = base else { return give(vm, top) };
        let below = functions::log(number(vm, base)?);
        match (top, below) {
            (Ok(top), Ok(below)) => match algorithms::div(top, below) {
                Ok(quotient) => complex::new(vm, quotient.real, quotient.imag),
                Err(_) => Err(fault(vm, Fault::Domain)),
            },
            _ => Err(fault(vm, Fault::Domain)),
        }
    }

    /// Return argument, also known as the phase angle, of a complex.
    #[function(sig = "z, /")]
    fn phase(vm: &Vm, z: &Value) -> PyResult<f64> {
        let z = number(vm, z)?;
        Ok(z.imag.atan2(z.real))
    }

    /// Convert a complex from rectangular coordinates to polar coordinates.
    ///
    /// r is the distance from 0 and phi the phase angle.
    #[function(sig = "z, /")]
    fn polar(vm: &Vm, z: &Value) -> PyResult<Ref<Tuple>> {
        let z = number(vm, z)?;
        let Some(size) = algorithms::abs(z) else { return Err(fault(vm, Fault::Range)) };
        Tuple::pair(vm, float::new(vm, size)?, float::new(vm, z.imag.atan2(z.real))?)
    }

    /// Convert from polar coordinates to rectangular coordinates.
    #[function(sig = "r, phi, /")]
    fn rect(vm: &Vm, r: f64, phi: f64) -> PyResult<Value> {
        give(vm, functions::rect(r, phi))
    }

    /// Return True if both the real and imaginary parts of z are finite, else False.
    #[function(sig = "z, /")]
    fn isfinite(vm: &Vm, z: &Value) -> PyResult<bool> {
        let z = number(vm, z)?;
        Ok(z.real.is_finite() && z.imag.is_finite())
    }

    /// Checks if the real or imaginary part of z is infinite.
    #[function(sig = "z, /")]
    fn isinf(vm: &Vm, z: &Value) -> PyResult<bool> {
        let z = number(vm, z)?;
        Ok(z.real.is_infinite() || z.imag.is_infinite())
    }

    /// Checks if the real or imaginary part of z not a number (NaN).
    #[function(sig = "z, /")]
    fn isnan(vm: &Vm, z: &Value) -> PyResult<bool> {
        let z = number(vm, z)?;
        Ok(z.real.is_nan() || z.imag.is_nan())
    }

    /// Determine whether two complex numbers are close in value.
    ///
    /// Return True if a is close in value to b, and False otherwise.
    ///
    /// For the values to be considered close, the difference between them must be
    /// smaller than at least one of the tolerances.
    ///
    /// -inf, inf and NaN behave similarly to the IEEE 754 Standard. That is, NaN is
    /// not close to anything, even itself. inf and -inf are only close to themselves.
    #[function(sig = "a, b, *, rel_tol=1e-09, abs_tol=0.0")]
    fn isclose(
        vm: &Vm,
        a: &Value,
        b: &Value,
        #[default(1e-9)] rel_tol: f64,
        #[default(0.0)] abs_tol: f64,
    ) -> PyResult<bool> {
        let (a, b) = (number(vm, a)?, number(vm, b)?);
        if rel_tol < 0.0 || abs_tol < 0.0 {
            return Err(vm.value_error("tolerances must be non-negative"));
        }
        if a == b {
            return Ok(true);
        }
        let infinite = |z: Complex| z.real.is_infinite() || z.imag.is_infinite();
        if infinite(a) || infinite(b) {
            return Ok(false);
        }
        let size = |z: Complex| z.real.hypot(z.imag);
        let apart = size(algorithms::sub(a, b));
        Ok(apart <= rel_tol * size(b) || apart <= rel_tol * size(a) || apart <= abs_tol)
    }
}
