//! Decimal numbers from other objects.
//!
//! Invariant: the constructor gives exactly the number it was given, or fails; rounding is the context's methods' affair.

use super::context::PyContext;
use super::object::{PyDecimal, context_or_current, exact as exact_decimal, finish, make, make_of, settle};
use super::state::State;
use std::borrow::Cow;
use taipan_heap::{Obj, Value};
use taipan_numeric::decimal::{Coef, Context, Decimal, Kind, MAX_PREC, Status, parse, parse_ascii};
use taipan_objects::builtins::list::List;
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{float, int};
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Vm};
use taipan_text::unicode::transform_decimal_and_space_to_ascii;

/// The ASCII form of a text: digits of all scripts, and for the constructor without spaces around it and underscores in it.
fn ascii(text: &Obj<Str>, lenient: bool) -> Cow<'_, [u8]> {
    let bytes = if text.is_ascii() {
        Cow::Borrowed(text.bytes())
    } else {
        let points: Vec<u32> = text.points().collect();
        Cow::Owned(transform_decimal_and_space_to_ascii(&points))
    };
    if !lenient {
        return bytes;
    }
    let space = |byte: &u8| matches!(byte, b' ' | 0x09..=0x0d | 0x1c..=0x1f);
    let odd =
        |bytes: &[u8]| bytes.first().is_some_and(space) || bytes.last().is_some_and(space) || bytes.contains(&b'_');
    if !odd(&bytes) {
        return bytes;
    }
    let start = bytes.iter().position(|byte| !space(byte)).unwrap_or(bytes.len());
    let end = bytes.iter().rposition(|byte| !space(byte)).map_or(start, |last| last + 1);
    Cow::Owned(bytes[start..end].iter().copied().filter(|byte| *byte != b'_').collect())
}

/// The exact number of a text, in the widest context; conditions say if it is none.
fn exactly(number: Option<Decimal>, status: &mut Status) -> Decimal {
    let Some(number) = number else { return Decimal::invalid(status, Status::CONVERSION_SYNTAX) };
    let wide = Context::max();
    if number.is_finite() {
        let fits = number.exp >= wide.etiny() && number.adjusted() <= wide.emax;
        if !fits || number.coef.digits() > MAX_PREC || number.coef.is_zero() && number.exp > wide.emax {
            return Decimal::invalid(status, Status::INVALID_OPERATION);
        }
    }
    number
}

/// `Decimal(value, context)`
pub fn exact(
    vm: &Vm,
    state: &State,
    class: &Obj<Type>,
    value: Option<&Value>,
    context: Option<&Value>,
) -> PyResult<Value> {
    let context = context_or_current(vm, state, context)?;
    let plain = class.is_same(&*state.decimal);
    let mut status = Status::default();
    let number = match value {
        None => Decimal::from_i64(0),
        Some(value) => {
            if let Some(text) = value.downcast::<Str>() {
                exactly(parse_ascii(&ascii(text, true)).ok(), &mut status)
            } else if let Some(decimal) = value.downcast::<PyDecimal>() {
                if plain {
                    return exact_decimal(vm, state, value);
                }
                decimal.number().clone()
            } else if let Some(number) = of_int(value) {
                number
            } else if float::get(value).is_some() {
                settle(vm, state, &context, Status(Status::FLOAT_OPERATION))?;
                of_float(vm, value)?
            } else if let Some(parts) = parts(value) {
                exactly(Some(of_parts(vm, &parts)?), &mut status)
            } else {
                let given = vm.type_name(value);
                return Err(vm.type_error(format!("conversion from {given} to Decimal is not supported")));
            }
        }
    };
    settle(vm, state, &context, status)?;
    if plain { make(vm, state, number) } else { make_of(vm, class, number) }
}

/// `context.create_decimal(value)`
pub fn rounded(vm: &Vm, state: &State, context: &Obj<PyContext>, value: Option<&Value>) -> PyResult<Value> {
    let arithmetic = context.arithmetic(vm);
    let mut status = Status::default();
    let number = match value {
        None => Decimal::from_i64(0),
        Some(value) => {
            if let Some(text) = value.downcast::<Str>() {
                let number = parse(&ascii(text, false), &arithmetic, &mut status);
                return finish(vm, state, context, number, status);
            }
            if let Some(decimal) = value.downcast::<PyDecimal>() {
                let number = decimal.number();
                let most = arithmetic.prec - i64::from(arithmetic.clamp);
                if number.is_nan() && !number.coef.is_zero() && number.coef.digits() > most {
                    let number = Decimal::invalid(&mut status, Status::CONVERSION_SYNTAX);
                    return finish(vm, state, context, number, status);
                }
                number.clone()
            } else if let Some(number) = of_int(value) {
                number
            } else if float::get(value).is_some() {
                settle(vm, state, context, Status(Status::FLOAT_OPERATION))?;
                of_float(vm, value)?
            } else if let Some(parts) = parts(value) {
                let number = of_parts(vm, &parts)?;
                let most = arithmetic.prec - i64::from(arithmetic.clamp);
                if number.is_nan() && !number.coef.is_zero() && number.coef.digits() > most {
                    Decimal::invalid(&mut status, Status::CONVERSION_SYNTAX)
                } else {
                    number
                }
            } else {
                let given = vm.type_name(value);
                return Err(vm.type_error(format!("conversion from {given} to Decimal is not supported")));
            }
        }
    };
    let number = number.finalize(&arithmetic, &mut status);
    finish(vm, state, context, number, status)
}

fn of_int(value: &Value) -> Option<Decimal> {
    match int::as_small(value) {
        Some(small) => Some(Decimal::from_i64(small)),
        None => int::as_big(value).map(|big| Decimal::from_big(&big)),
    }
}

/// The exact number of an int or a float; `None` for anything else.
pub fn of_number(vm: &Vm, value: &Value) -> PyResult<Option<Decimal>> {
    if let Some(number) = of_int(value) {
        return Ok(Some(number));
    }
    let _ = vm;
    Ok(float::get(value).map(Decimal::from_f64))
}

/// As `of_number`; TypeError for anything else.
pub fn of_float(vm: &Vm, value: &Value) -> PyResult<Decimal> {
    of_number(vm, value)?.ok_or_else(|| vm.type_error("argument must be int or float"))
}

/// A number as an instance of a class, made by calling it if it is a subclass.
pub fn converted(vm: &Vm, state: &State, class: &Obj<Type>, number: Decimal) -> PyResult<Value> {
    let made = make(vm, state, number)?;
    if class.is_same(&*state.decimal) { Ok(made) } else { vm.call(&class.to_value(), &[made]) }
}

/// The items of a tuple or list.
fn parts(value: &Value) -> Option<Vec<Value>> {
    match (value.downcast::<Tuple>(), value.downcast::<List>()) {
        (Some(tuple), _) => Some(tuple.items().to_vec()),
        (_, Some(list)) => Some(list.snapshot()),
        _ => None,
    }
}

/// The number of a sign, digits and an exponent.
fn of_parts(vm: &Vm, items: &[Value]) -> PyResult<Decimal> {
    let [sign, digits, exponent] = items else {
        return Err(vm.value_error("argument must be a sequence of length 3"));
    };
    let negative = match int::as_small(sign) {
        Some(0) => false,
        Some(1) => true,
        _ => return Err(vm.value_error("sign must be an integer with the value 0 or 1")),
    };
    let mut kind = Kind::Finite;
    let mut exp = 0;
    if let Some(name) = exponent.downcast::<Str>() {
        kind = match (name.equals("F"), name.equals("n"), name.equals("N")) {
            (true, ..) => Kind::Infinity,
            (_, true, _) => Kind::Nan,
            (_, _, true) => Kind::SNan,
            _ => return Err(vm.value_error("string argument in the third position must be 'F', 'n' or 'N'")),
        };
    } else if int::is_int(exponent) {
        let Some(number) = int::index_i64(vm, exponent)? else {
            return Err(vm.overflow_error("Python int too large to convert to C ssize_t"));
        };
        exp = number.clamp(-4_000_000_000_000_000_000, 4_000_000_000_000_000_000);
    } else {
        return Err(vm.value_error("exponent must be an integer"));
    }
    let wrong = || vm.value_error("coefficient must be a tuple of digits");
    let digits = parts(digits).ok_or_else(wrong)?;
    let mut text = Vec::with_capacity(digits.len());
    for digit in &digits {
        match int::as_small(digit) {
            Some(digit @ 0..=9) => text.push(b'0' + digit as u8),
            _ => return Err(wrong()),
        }
    }
    let zeros = text.iter().take_while(|&&digit| digit == b'0').count();
    let coef = if kind == Kind::Infinity { Coef::ZERO } else { Coef::from_digits(&text[zeros..]) };
    Ok(Decimal { kind, negative, exp, coef })
}
