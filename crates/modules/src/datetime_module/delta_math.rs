//! Arithmetic of spans beyond sums: construction from any numbers, products, quotients.
//!
//! Invariant: every result is rounded once, half to even, from exact whole numbers; a float's part of a sum is kept apart until all is there.

use super::delta::{TimeDelta, too_large};
use taipan_heap::{Obj, Ref, Value};
use taipan_numeric::BigInt;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{float, int};
use taipan_objects::native::IntoValue;
use taipan_objects::types::BinaryOp;
use taipan_objects::vm::{PyResult, Raised, Vm};

/// The sum of a constructor's arguments in microseconds.
#[derive(Default)]
pub struct Sum {
    whole: i128,
    /// What ints too large for any span add.
    beyond: Option<BigInt>,
    fraction: f64,
}

impl Sum {
    /// Adds so many units.
    pub fn add(&mut self, vm: &Vm, value: &Value, unit: i64, name: &str) -> PyResult<()> {
        if let Some(small) = value.as_int() {
            self.whole += i128::from(small) * i128::from(unit);
            return Ok(());
        }
        if int::is_int(value) {
            let value = int::index(vm, value)?;
            let big = int::as_big(&value).map(|big| big.into_owned() * unit).unwrap_or_default();
            self.add_big(big);
            return Ok(());
        }
        let Some(number) = float::get(value) else {
            let given = vm.type_name(value);
            return Err(vm.type_error(format!("unsupported type for timedelta {name} component: {given}")));
        };
        let whole = number.trunc();
        match taipan_numeric::int_float::from_float(whole) {
            Ok(big) => self.add_big(big * unit),
            Err(error) => return Err(int_float_error(vm, error)),
        }
        if number != whole {
            let part = unit as f64 * (number - whole);
            self.whole += part.trunc() as i128;
            self.fraction += part - part.trunc();
        }
        Ok(())
    }

    fn add_big(&mut self, number: BigInt) {
        match i64::try_from(&number) {
            Ok(small) => self.whole += i128::from(small),
            Err(_) => *self.beyond.get_or_insert_default() += number,
        }
    }

    /// The sum; `None` if it is beyond all spans.
    pub fn finish(mut self) -> Option<i128> {
        if let Some(beyond) = self.beyond.take() {
            self.whole = i128::try_from(&(beyond + self.whole)).ok()?;
        }
        if self.fraction != 0.0 {
            let mut rounded = self.fraction.round();
            if (rounded - self.fraction).abs() == 0.5 {
                // Half way: the sum becomes even.
                let odd = (self.whole & 1) as f64;
                rounded = 2.0 * ((self.fraction + odd) * 0.5).round() - odd;
            }
            self.whole += rounded as i128;
        }
        Some(self.whole)
    }
}

#[cold]
fn int_float_error(vm: &Vm, error: taipan_numeric::int_float::IntFloatError) -> Raised {
    int::int_float_error(vm, error)
}

#[cold]
fn by_zero(vm: &Vm) -> Raised {
    vm.zero_division_error("division by zero")
}

/// The number behind an int of any size.
fn big(value: &Value) -> BigInt {
    int::as_big(value).map(std::borrow::Cow::into_owned).unwrap_or_default()
}

fn from_big(vm: &Vm, micros: &BigInt) -> PyResult<Value> {
    match i128::try_from(micros) {
        Ok(micros) => Ok(TimeDelta::from_micros(vm, micros)?.into()),
        Err(_) => Err(too_large(vm)),
    }
}

/// `number / divisor`, half to even.
fn nearest(number: &BigInt, divisor: &BigInt) -> BigInt {
    use taipan_numeric::int_ops;
    let Ok((quotient, rest)) = int_ops::div_mod(number, divisor) else { return BigInt::default() };
    // The rest has the divisor's sign, so both may be compared as they are when that is positive.
    let (twice, positive): (BigInt, bool) = (rest * 2, *divisor > BigInt::default());
    let order = if positive { twice.cmp(divisor) } else { divisor.cmp(&twice) };
    let odd = quotient.bit(0);
    if order.is_gt() || order.is_eq() && odd { quotient + 1 } else { quotient }
}

/// `delta * number`
pub fn times_int(vm: &Vm, delta: &Obj<TimeDelta>, number: &Value) -> PyResult<Value> {
    let micros = delta.total_micros();
    let small = int::as_small(number).and_then(|number| micros.checked_mul(i128::from(number)));
    match small {
        Some(product) => Ok(TimeDelta::from_micros(vm, product)?.into()),
        None => from_big(vm, &(big(number) * micros)),
    }
}

/// `delta / number`, rounded to the nearest, or `delta // number`.
pub fn divided_by_int(vm: &Vm, delta: &Obj<TimeDelta>, number: &Value, round: bool) -> PyResult<Value> {
    let (micros, divisor) = (delta.total_micros(), int::as_small(number).map(i128::from));
    if divisor == Some(0) {
        return Err(by_zero(vm));
    }
    if let (Some(divisor), false) = (divisor, round) {
        let quotient = if divisor > 0 { micros.div_euclid(divisor) } else { (-micros).div_euclid(-divisor) };
        return Ok(TimeDelta::from_micros(vm, quotient)?.into());
    }
    let (micros, divisor) = (BigInt::from(micros), big(number));
    if round {
        return from_big(vm, &nearest(&micros, &divisor));
    }
    let quotient = vm.binary(BinaryOp::FloorDiv, &int::from_big(vm, micros)?, &int::from_big(vm, divisor)?)?;
    from_big(vm, &big(&quotient))
}

/// `delta * number` or `delta / number` of a float, as exact as the float is.
pub fn by_ratio(vm: &Vm, delta: &Obj<TimeDelta>, number: &Value, divide: bool) -> PyResult<Value> {
    let ratio = vm.call_method(number, &*vm.intern("as_integer_ratio")?, &[])?;
    let Some(ratio) = ratio.downcast::<Tuple>() else {
        let given = vm.type_name(&ratio);
        return Err(
            vm.type_error(format!("unexpected return type from as_integer_ratio(): expected tuple, not '{given}'"))
        );
    };
    let [above, below] = ratio.items() else {
        return Err(vm.value_error("as_integer_ratio() must return a 2-tuple"));
    };
    let (above, below) = if divide { (below, above) } else { (above, below) };
    let (above, below) = (int::index(vm, above)?, int::index(vm, below)?);
    if int::as_small(&below) == Some(0) {
        return Err(by_zero(vm));
    }
    from_big(vm, &nearest(&(big(&above) * delta.total_micros()), &big(&below)))
}

/// `delta / other`, a float.
pub fn quotient(vm: &Vm, delta: &Obj<TimeDelta>, other: &Obj<TimeDelta>) -> PyResult<Value> {
    let (above, below) = (delta.total_micros(), other.total_micros());
    if below == 0 {
        return Err(by_zero(vm));
    }
    if above.unsigned_abs() < 1 << 53 && below.unsigned_abs() < 1 << 53 {
        return float::new(vm, above as f64 / below as f64);
    }
    vm.binary(BinaryOp::TrueDiv, &above.into_value(vm)?, &below.into_value(vm)?)
}

/// The whole quotient of two spans, and what is left over in microseconds.
pub fn floor(vm: &Vm, delta: &Obj<TimeDelta>, other: &Obj<TimeDelta>) -> PyResult<(i128, i128)> {
    let (above, below) = (delta.total_micros(), other.total_micros());
    match below {
        0 => Err(by_zero(vm)),
        _ if below > 0 => Ok((above.div_euclid(below), above.rem_euclid(below))),
        _ => Ok(((-above).div_euclid(-below), -((-above).rem_euclid(-below)))),
    }
}

/// A plain span between two moments in microseconds.
pub fn between(vm: &Vm, micros: i64) -> PyResult<Ref<TimeDelta>> {
    TimeDelta::make(vm, 0, micros)
}
